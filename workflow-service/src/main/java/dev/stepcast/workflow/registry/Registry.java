package dev.stepcast.workflow.registry;

import com.fasterxml.jackson.databind.type.TypeFactory;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.WireException;
import dev.stepcast.schemas.WorkflowInfo;
import dev.stepcast.workflow.api.Workflow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Workflows by name and version. New runs begin with the highest version of a name. */
public final class Registry {
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  /** By the numbers in them, one after the other: 1.9 comes before 1.10, and that before 2.0. */
  private static final Comparator<String> BY_VERSION = ((Comparator<String>) Registry::byNumbers)
      .thenComparing(Comparator.naturalOrder());

  private final Map<String, Map<String, Known>> known = new HashMap<>();

  /**
   * A workflow and what it is triggered with.
   *
   * @param workflow as the author wrote it
   * @param payload  the type that payloads are read as
   */
  public record Known(Workflow<Object, Object> workflow, Type payload) {
    /** What the catalog says about it. */
    public WorkflowInfo info() {
      try {
        var schema = RawJson.parse(workflow.payloadSchema());
        if (!schema.text().startsWith("{")) {
          throw new IllegalArgumentException(workflow.getClass().getName()
              + ": payloadSchema is no JSON object; {} lets everything pass");
        }
        return new WorkflowInfo(workflow.name(), workflow.version(), schema,
            workflow.samplePayload().map(RawJson::parse).orElse(null));
      } catch (WireException e) {
        throw new IllegalArgumentException(workflow.getClass().getName()
            + ": payloadSchema or samplePayload is not JSON: " + e.getMessage(), e);
      }
    }
  }

  /** Knows {@code workflows}. */
  public Registry(Iterable<? extends Workflow<?, ?>> workflows) {
    this(workflows, workflow -> workflow);
  }

  /** Knows {@code workflows}, with something put {@code around} each. */
  public Registry(Iterable<? extends Workflow<?, ?>> workflows,
      UnaryOperator<Workflow<Object, Object>> around) {
    workflows.forEach(workflow -> add(workflow, around));
  }

  /**
   * Those that {@link ServiceLoader} finds on the class path and in the jars of {@code folder}. The
   * classes of a jar come before those of the other jars, so two jars may have a class of the same
   * name, one for each version; where they agree in the version too, the last jar by name counts.
   *
   * @param folder null for none
   * @param mine   which of those on the class path count
   */
  public static Registry load(@Nullable Path folder,
      java.util.function.Predicate<Workflow<?, ?>> mine) {
    var all = new ArrayList<Workflow<?, ?>>();
    try {
      found(Registry.class.getClassLoader()).map(ServiceLoader.Provider::get).filter(mine)
          .forEach(all::add);
      if (folder != null) {
        all.addAll(inJars(jars(folder)));
      }
    } catch (ServiceConfigurationError e) {
      throw new IllegalArgumentException("a workflow cannot be loaded: " + e.getMessage(), e);
    }
    return new Registry(all);
  }

  /** The workflow that a run of {@code name} and {@code version} stays with. */
  public Optional<Known> find(String name, String version) {
    return Optional.ofNullable(known.getOrDefault(name, Map.of()).get(version));
  }

  /** The version that new runs of {@code name} begin with. */
  public Optional<String> version(String name) {
    return Optional.ofNullable(known.get(name)).map(Registry::newest)
        .map(newest -> newest.workflow().version());
  }

  /** The schema that payloads of new runs of {@code name} must fit. */
  public Optional<RawJson> payloadSchema(String name) {
    return Optional.ofNullable(known.get(name)).map(Registry::newest).map(Known::info)
        .map(WorkflowInfo::payloadSchema);
  }

  /** All versions, by name. */
  public Map<String, Set<String>> versions() {
    return known.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, one -> Set.copyOf(one.getValue().keySet())));
  }

  /** What new runs begin with, by name. */
  public List<WorkflowInfo> newest() {
    return known.values().stream().map(Registry::newest).map(Known::info)
        .sorted(Comparator.comparing(WorkflowInfo::name)).toList();
  }

  /** Every workflow as {@code name:version}, in order. */
  public List<String> names() {
    return known.entrySet().stream().flatMap(one -> one.getValue().keySet().stream()
        .map(version -> one.getKey() + ":" + version)).sorted().toList();
  }

  private static int byNumbers(String one, String other) {
    return Arrays.compare(numbers(one), numbers(other));
  }

  private static BigInteger[] numbers(String version) {
    return NUMBER.matcher(version).results().map(found -> new BigInteger(found.group()))
        .toArray(BigInteger[]::new);
  }

  private static Known newest(Map<String, Known> versions) {
    return versions.entrySet().stream().max(Map.Entry.comparingByKey(BY_VERSION))
        .map(Map.Entry::getValue).orElseThrow();
  }

  private void add(Workflow<?, ?> workflow, UnaryOperator<Workflow<Object, Object>> around) {
    @SuppressWarnings("unchecked") // payloads are read as its own type argument
    var plain = (Workflow<Object, Object>) workflow;
    var types = TypeFactory.defaultInstance().constructType(workflow.getClass())
        .findTypeParameters(Workflow.class);
    var before = known.computeIfAbsent(workflow.name(), _ -> new HashMap<>())
        .put(workflow.version(), new Known(around.apply(plain), types[0]));
    if (before != null) {
      throw new IllegalArgumentException("two workflows are named " + workflow.name()
          + " with version " + workflow.version() + ": " + workflow.getClass().getName() + " and "
          + before.workflow().getClass().getName());
    }
  }

  private static Collection<Workflow<?, ?>> inJars(List<Path> jars) {
    var found = new LinkedHashMap<String, Workflow<?, ?>>();
    jars.forEach(jar -> {
      var path = Stream.concat(Stream.of(jar), jars.stream().filter(other -> !other.equals(jar)))
          .map(Registry::url).toArray(URL[]::new);
      found(new URLClassLoader(path, Registry.class.getClassLoader()))
          .filter(provider -> isIn(jar, provider.type())).map(ServiceLoader.Provider::get)
          .forEach(one -> found.put(one.getClass().getName() + " " + one.version(), one));
    });
    return found.values();
  }

  @SuppressWarnings("unchecked") // a class has no type arguments
  private static Stream<ServiceLoader.Provider<Workflow<?, ?>>> found(ClassLoader loader) {
    var type = (Class<Workflow<?, ?>>) (Class<?>) Workflow.class;
    return ServiceLoader.load(type, loader).stream();
  }

  private static boolean isIn(Path jar, Class<?> type) {
    var source = type.getProtectionDomain().getCodeSource();
    return source != null && source.getLocation().toString().equals(url(jar).toString());
  }

  private static List<Path> jars(Path folder) {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("WORKFLOWS_DIR=" + folder, e);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(jar.toString(), e);
    }
  }
}
