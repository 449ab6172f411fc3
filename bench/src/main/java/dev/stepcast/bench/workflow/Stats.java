package dev.stepcast.bench.workflow;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Counters of Redis.
 *
 * @param commands calls by command
 * @param bytes    of memory that it uses
 */
record Stats(Map<String, Long> commands, long bytes) {
  private static final double LEAST = 0.01;

  /** Reads the answer to {@code INFO everything}. */
  static Stats of(String info) {
    var commands = new HashMap<String, Long>();
    long bytes = 0;
    for (var line : info.split("\r?\n", -1)) {
      if (line.startsWith("cmdstat_")) {
        commands.put(line.substring("cmdstat_".length(), line.indexOf(':')),
            Long.parseLong(line.replaceAll("^[^:]*:calls=(\\d+).*", "$1")));
      } else if (line.startsWith("used_memory:")) {
        bytes = Long.parseLong(line.substring("used_memory:".length()));
      }
    }
    return new Stats(commands, bytes);
  }

  /** All calls together. */
  long all() {
    return commands.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What was called since {@code before}, for each of {@code count} runs; most often first. */
  String since(Stats before, int count) {
    return commands.entrySet().stream()
        .map(one -> Map.entry(one.getKey(),
            (double) (one.getValue() - before.commands.getOrDefault(one.getKey(), 0L)) / count))
        .filter(one -> one.getValue() >= LEAST)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .map(one -> String.format(Locale.ROOT, "%s %.2f", one.getKey(), one.getValue()))
        .collect(Collectors.joining(" · "));
  }
}
