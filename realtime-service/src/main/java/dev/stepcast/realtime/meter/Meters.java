package dev.stepcast.realtime.meter;

import dev.stepcast.realtime.feed.Hub.Cause;
import dev.stepcast.schemas.RealtimeEvent.GapReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The metrics of the fan-out; thread-safe. */
public final class Meters {
  private final MeterRegistry registry;
  private final Counter deliveries;
  private final Counter writes;
  private final Counter pages;
  private final Timer latency;
  private final Map<Cause, Counter> filled = new EnumMap<>(Cause.class);
  private final Map<GapReason, Counter> gaps = new EnumMap<>(GapReason.class);

  /** Registers with {@code registry}. */
  public Meters(MeterRegistry registry) {
    this.registry = registry;
    deliveries = registry.counter("realtime_deliveries_total");
    writes = registry.counter("realtime_writes_total");
    pages = registry.counter("realtime_replay_pages_total");
    latency = Timer.builder("realtime_fanout_latency_seconds")
        .description("from the id of a turn's first event to its writes, Redis' clock against ours")
        .publishPercentiles(0.5, 0.99).register(registry);
    for (var cause : Cause.values()) {
      filled.put(cause, registry.counter("realtime_holes_filled_total", "cause", word(cause)));
    }
    for (var reason : GapReason.values()) {
      gaps.put(reason, registry.counter("realtime_gaps_total", "reason", word(reason)));
    }
  }

  /** How much is delivered, and in how few writes? */
  public void wrote(int frames) {
    deliveries.increment(frames);
    writes.increment();
  }

  /** How long does an event take from Redis to its writes? The first of each turn is asked. */
  public void latency(long eventMs, long nowMs) {
    latency.record(Duration.ofMillis(Math.max(0, nowMs - eventMs)));
  }

  /** How often is the history read for somebody who is behind? */
  public void pageRead() {
    pages.increment();
  }

  /** How often, and why, were events missing from the subscription? */
  public void filled(Cause cause) {
    filled.getOrDefault(cause, writes).increment();
  }

  /** How often are events gone for good? */
  public void gapTold(GapReason reason) {
    gaps.getOrDefault(reason, writes).increment();
  }

  /** How often is somebody turned away or closed, and why? {@code reason} is one of a few words. */
  public void closed(String reason) {
    registry.counter("realtime_closed_total", "reason", reason).increment();
  }

  /** A number that is asked for when somebody looks. */
  public void watch(String name, Supplier<Number> value, String... tags) {
    io.micrometer.core.instrument.Gauge.builder(name, value).tags(tags).register(registry);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
