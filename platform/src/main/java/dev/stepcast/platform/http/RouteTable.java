package dev.stepcast.platform.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the routes of a router take: which methods at a path, and which parameters in the query.
 * Routes without a method are filters in front of others and do not count. Belongs to the router's
 * event loop.
 */
final class RouteTable {
  private static final String QUERY = "query";
  private static final String ANYTHING = "*";
  private static final Pattern PLACEHOLDER = Pattern.compile(":[A-Za-z]\\w*");

  private final Router router;
  private @Nullable List<Row> rows;

  /**
   * One route.
   *
   * @param exact   its path where that is plain text; null where {@code pattern} says it
   * @param methods those it is for
   * @param query   the parameters that it takes
   */
  private record Row(@Nullable String exact, @Nullable Pattern pattern, Set<HttpMethod> methods,
      SortedSet<String> query) {

    boolean matches(String path) {
      return exact != null ? exact.equals(path)
          : pattern != null && pattern.matcher(path).matches();
    }
  }

  /** Of {@code router}, as it is when it is first asked: routes may still be added until then. */
  RouteTable(Router router) {
    this.router = router;
  }

  /** Says which parameters {@code route} takes. */
  static void takes(Route route, Set<String> parameters) {
    route.putMetadata(QUERY, new TreeSet<>(parameters));
  }

  /** Says that {@code route} reads its query by rules of its own. */
  static void takesAnything(Route route) {
    takes(route, Set.of(ANYTHING));
  }

  /** The methods that {@code path} takes; none where nothing is there. */
  SortedSet<String> methods(String path) {
    var found = new TreeSet<String>();
    rows().stream().filter(row -> row.matches(plain(path)))
        .forEach(row -> row.methods.forEach(method -> found.add(method.name())));
    return found;
  }

  /** The parameters that the query may have; empty where no route of ours is to say so. */
  Optional<SortedSet<String>> parameters(HttpMethod method, String path) {
    for (var row : rows()) {
      if (row.methods.contains(method) && row.matches(plain(path))) {
        return row.query.contains(ANYTHING) ? Optional.empty() : Optional.of(row.query);
      }
    }
    return Optional.empty();
  }

  private List<Row> rows() {
    var known = rows;
    if (known == null) {
      known = new ArrayList<>();
      for (var route : router.getRoutes()) {
        if (route.methods() != null && !route.methods().isEmpty()) {
          known.add(row(route));
        }
      }
      rows = known;
    }
    return known;
  }

  private static Row row(Route route) {
    SortedSet<String> query = route.getMetadata(QUERY);
    var path = route.getPath();
    boolean plain = path != null && route.isExactPath() && !PLACEHOLDER.matcher(path).find();
    return new Row(plain ? plain(path) : null, plain ? null : pattern(route, path),
        Set.copyOf(route.methods()), query == null ? new TreeSet<>() : query);
  }

  /** The router's own patterns: {@code :name} is one segment, a star at the end is all below. */
  private static Pattern pattern(Route route, @Nullable String path) {
    if (path == null) {
      return Pattern.compile(route.getName());
    }
    var source = new StringBuilder();
    var names = PLACEHOLDER.matcher(path);
    int from = 0;
    while (names.find()) {
      source.append(Pattern.quote(path.substring(from, names.start()))).append("[^/]+");
      from = names.end();
    }
    source.append(Pattern.quote(path.substring(from)));
    return Pattern.compile(source + (route.isExactPath() ? "" : ".*"));
  }

  /** A slash at the end is as good as none. */
  private static String plain(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
