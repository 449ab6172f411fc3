package dev.stepcast.platform.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The environment as typed values. A broken variable is noted and its default used, so that one
 * start reports every mistake; nothing may be built from what was read before {@link #verify} has
 * passed. Blank counts as unset.
 */
public final class Env {
  private final Map<String, String> variables;
  private final List<String> mistakes = new ArrayList<>();
  private final Map<String, String> read = new TreeMap<>();

  /** Reads from {@code variables}, normally {@code System.getenv()}. */
  public Env(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** The variable's text, or {@code fallback}. */
  public String text(String name, String fallback) {
    read.put(name, fallback);
    var value = variables.get(name);
    return value == null || value.isBlank() ? fallback : value.strip();
  }

  /** The variable's text, or null where it is not set. */
  public @Nullable String optional(String name) {
    var value = text(name, "");
    return value.isEmpty() ? null : value;
  }

  /** Whether the variable is set at all. */
  public boolean given(String name) {
    return optional(name) != null;
  }

  /** One of {@code allowed}, the first of which is the default. */
  public String choice(String name, String... allowed) {
    return parsed(name, allowed[0], "one of " + String.join(", ", allowed), text -> {
      if (!Arrays.asList(allowed).contains(text)) {
        throw new IllegalArgumentException();
      }
      return text;
    });
  }

  /** A comma-separated list, blanks dropped; empty where the variable is not set. */
  public List<String> list(String name) {
    return Arrays.stream(text(name, "").split(",")).map(String::strip)
        .filter(part -> !part.isEmpty()).toList();
  }

  /** A whole number from {@code least} to {@code most}. */
  public int integer(String name, int fallback, int least, int most) {
    var want = "a whole number from " + least + " to " + most;
    return parsed(name, String.valueOf(fallback), want, text -> {
      var value = Integer.parseInt(text);
      if (value < least || value > most) {
        throw new IllegalArgumentException();
      }
      return value;
    });
  }

  /** A duration in whole milliseconds, zero or more. */
  public Duration millis(String name, Duration fallback) {
    var want = "whole milliseconds, 0 or more";
    return parsed(name, String.valueOf(fallback.toMillis()), want, text -> {
      var value = Long.parseLong(text);
      if (value < 0) {
        throw new IllegalArgumentException();
      }
      return Duration.ofMillis(value);
    });
  }

  /** {@code on} or {@code off}. */
  public boolean onOff(String name, boolean fallback) {
    return parsed(name, fallback ? "on" : "off", "on or off", text -> switch (text) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException();
    });
  }

  /** Notes a mistake that only the reader of several variables can see. */
  public void mistake(String name, String complaint) {
    mistakes.add(name + ": " + complaint);
  }

  /** Every variable asked for so far with its default, for the documents' test. */
  public Map<String, String> asked() {
    return Collections.unmodifiableMap(read);
  }

  /**
   * Ends the reading.
   *
   * @throws IllegalArgumentException naming every broken variable, one a line
   */
  public void verify() {
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("The configuration has " + mistakes.size()
          + (mistakes.size() == 1 ? " mistake" : " mistakes") + ":\n  "
          + String.join("\n  ", mistakes));
    }
  }

  private <T> T parsed(String name, String fallback, String want, Function<String, T> parse) {
    var text = text(name, fallback);
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      mistakes.add(name + "=" + text + ": want " + want);
      return parse.apply(fallback);
    }
  }
}
