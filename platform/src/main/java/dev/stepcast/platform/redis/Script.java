package dev.stepcast.platform.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A Lua script: one file beside its class. Its header names every key and argument; what a caller
 * sends is held against that count, so a header cannot drift from its callers.
 */
public final class Script {
  private static final ConcurrentHashMap<String, Script> ALL = new ConcurrentHashMap<>();
  private static final Pattern KEYS = Pattern
      .compile("(?m)^-- KEYS {1,2}\\d.*\\n(?:-- {6,}.*\\n)*");
  private static final Pattern ARGS = Pattern
      .compile("(?m)^-- ARGV {1,2}\\d.*\\n(?:-- {6,}.*\\n)*");
  private static final Pattern NUMBERED = Pattern
      .compile("(?m)^-- (?:KEYS|ARGV|    ) +(\\d+)(…?) ");

  private final String name;
  private final Text plain;
  private final Text sharded;
  private final Arity keys;
  private final Arity args;

  /** A script as Redis knows it. */
  record Text(String source, String sha) {
    static Text of(String source) {
      try {
        var sha = MessageDigest.getInstance("SHA-1");
        return new Text(source,
            HexFormat.of().formatHex(sha.digest(source.getBytes(StandardCharsets.UTF_8))));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * How many keys or arguments a script takes.
   *
   * @param count    those named
   * @param variadic whether the last one may be repeated, or be absent
   */
  record Arity(int count, boolean variadic) {
    static Arity of(Pattern block, String source) {
      var found = block.matcher(source);
      if (!found.find()) {
        return new Arity(0, false);
      }
      var numbered = NUMBERED.matcher(found.group());
      int count = 0;
      boolean variadic = false;
      while (numbered.find()) {
        count = Integer.parseInt(numbered.group(1));
        variadic = !numbered.group(2).isEmpty();
      }
      return new Arity(count, variadic);
    }

    boolean fits(int given) {
      return variadic ? given >= count - 1 : given == count;
    }
  }

  private Script(String name, String own, String before) {
    this.name = name;
    this.plain = Text.of(before + own);
    this.sharded = Text.of((before + own).replace("'PUBLISH'", "'SPUBLISH'")
        .replace("'NUMSUB'", "'SHARDNUMSUB'"));
    this.keys = Arity.of(KEYS, own);
    this.args = Arity.of(ARGS, own);
  }

  /**
   * The script {@code <name>.lua} beside {@code owner}.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Script of(Class<?> owner, String name) {
    return register(new Script(name, read(owner, name), ""));
  }

  /** The same script with {@code library}'s functions in front of it. */
  public Script with(Script library) {
    return register(new Script(name, plain.source, library.plain.source));
  }

  /** Every script made so far in this process; what a fresh connection loads. */
  static Collection<Script> all() {
    return ALL.values();
  }

  /** The script's source, for the test that reads headers. */
  public String source() {
    return plain.source;
  }

  Text text(boolean cluster) {
    return cluster ? sharded : plain;
  }

  /** Refuses a call that does not fit the header: a programmer's mistake, so an exception. */
  void check(int keysGiven, int argsGiven) {
    if (!keys.fits(keysGiven) || !args.fits(argsGiven)) {
      throw new IllegalArgumentException(name + ".lua takes " + keys.count + " keys and "
          + args.count + " arguments by its header, not " + keysGiven + " and " + argsGiven);
    }
  }

  @Override
  public String toString() {
    return name + ".lua";
  }

  private static Script register(Script script) {
    return ALL.computeIfAbsent(script.plain.sha, _ -> script);
  }

  private static String read(Class<?> owner, String name) {
    try (var in = owner.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalArgumentException("no " + name + ".lua beside " + owner.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
