package dev.stepcast.standalone.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * A Java agent: whoever asks in that process what time it is, our code and libraries alike, is told
 * one that is wrong by a constant. Timers and {@link System#nanoTime} stay right, as they do on a
 * machine whose clock is wrong.
 */
public final class WrongClock implements ClassFileTransformer {
  private static final String ASKED = "currentTimeMillis";
  private static final byte[] NAME = ASKED.getBytes(StandardCharsets.US_ASCII);
  private static final ClassDesc INSTANT = ClassDesc.of("java.time.Instant");
  private static final String CLOCK = "java/time/Clock";

  private final Duration ahead;

  private WrongClock(Duration ahead) {
    this.ahead = ahead;
  }

  /** The option that gives a JVM with our class path a clock that is {@code ahead}. */
  static String option(Duration ahead) {
    try {
      var jar = Files.createTempFile(Files.createDirectories(Path.of("target", "system")),
          "wrong-clock-", ".jar");
      var manifest = new Manifest();
      manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
      manifest.getMainAttributes().putValue("Premain-Class", WrongClock.class.getName());
      manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
      new JarOutputStream(Files.newOutputStream(jar), manifest).close();
      return "-javaagent:" + jar.toAbsolutePath() + "=" + ahead;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the JVM calls before {@code main}. */
  public static void premain(String ahead, Instrumentation jvm) throws Exception {
    jvm.addTransformer(new WrongClock(Duration.parse(ahead)), true);
    jvm.retransformClasses(Clock.class, Class.forName("java.time.Clock$SystemClock"), Date.class);
  }

  /** Of the JDK's own classes only those above: others hand times to the operating system. */
  @Override
  public byte @Nullable [] transform(@Nullable ClassLoader loader, @Nullable String name,
      @Nullable Class<?> known, @Nullable ProtectionDomain domain, byte[] bytes) {
    boolean ours = loader != null && loader != ClassLoader.getPlatformClassLoader();
    if (known == null && !(ours && asks(bytes))) {
      return null;
    }
    try {
      var file = ClassFile.of(ClassHierarchyResolverOption.of(ours
          ? ClassHierarchyResolver.ofResourceParsing(loader)
              .orElse(ClassHierarchyResolver.defaultResolver())
          : ClassHierarchyResolver.defaultResolver()));
      return file.transformClass(file.parse(bytes),
          ClassTransform.transformingMethodBodies((code, part) -> {
            code.with(part);
            shift(code, part, CLOCK.equals(name));
          }));
    } catch (RuntimeException | Error e) {
      e.printStackTrace(); // the JVM would go on with the right clock and say nothing
      Runtime.getRuntime().halt(99);
      throw e;
    }
  }

  private void shift(CodeBuilder code, CodeElement part, boolean clock) {
    if (!(part instanceof InvokeInstruction call)) {
      return;
    }
    var method = call.name().stringValue();
    if (method.equals(ASKED) && call.owner().asInternalName().equals("java/lang/System")) {
      code.loadConstant(ahead.toMillis()).ladd();
    } else if (clock && method.equals("ofEpochSecond") && call.type().stringValue()
        .startsWith("(JJ)")) {
      code.loadConstant(ahead.toSeconds()).invokevirtual(INSTANT, "plusSeconds",
          MethodTypeDesc.of(INSTANT, ConstantDescs.CD_long));
    }
  }

  private static boolean asks(byte[] bytes) {
    for (int i = 0; i + NAME.length <= bytes.length; i++) {
      int matched = 0;
      while (matched < NAME.length && bytes[i + matched] == NAME[matched]) {
        matched++;
      }
      if (matched == NAME.length) {
        return true;
      }
    }
    return false;
  }
}
