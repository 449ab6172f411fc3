package dev.stepcast.bench.fanout;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is done to the server.
 *
 * @param conns    connections, spread evenly over the channels
 * @param rate     events a second over all channels (open loop); 0: as many as the window allows
 * @param window   deliveries under way at most, where rate is 0
 * @param bytes    payload of one event
 * @param warmSecs before anything is counted but loss
 * @param secs     that are counted
 * @param resetAt  second at which every connection is reset (RST) and comes back; 0: none
 * @param stalled  connections that stop reading, and read again at the end
 * @param granted  whether each connection must prove a grant for its channel
 * @param history  events that are there before anybody comes, all of which each client wants
 */
record Scenario(int conns, int channels, int rate, int window, int bytes, int warmSecs, int secs,
    int resetAt, int stalled, boolean granted, int history) {

  /** By the names used in the results. */
  static Map<String, Scenario> all() {
    var all = new LinkedHashMap<String, Scenario>();
    all.put("tiny", of(20, 2).rate(20).lasting(1, 2));
    all.put("saturation", of(1_000, 10).window(20_000).lasting(10, 4));
    all.put("one-in-flight", of(1_000, 10).rate(100).lasting(10, 5));
    all.put("rooms-of-two", of(2_000, 1_000).rate(1_000).lasting(45, 5));
    all.put("idle", of(10_000, 1_000).lasting(0, 2));
    all.put("connect", new Scenario(5_000, 1_000, 0, 0, 128, 0, 0, 0, 0, true, 0));
    all.put("storm", new Scenario(2_000, 20, 100, 0, 128, 5, 6, 2, 0, false, 0));
    all.put("storm-5000", new Scenario(5_000, 20, 100, 0, 128, 5, 8, 2, 0, false, 0));
    all.put("stalled", new Scenario(100, 5, 500, 0, 16 * 1024, 9, 8, 0, 20, false, 0));
    all.put("stalled-none", new Scenario(100, 5, 500, 0, 16 * 1024, 9, 8, 0, 0, false, 0));
    all.put("drain", new Scenario(2_000, 20, 100, 0, 128, 5, 60, 0, 0, false, 0));
    all.put("come-and-go", new Scenario(1_000, 50, 0, 0, 128, 0, 0, 0, 0, false, 0));
    all.put("long-history", new Scenario(500, 1, 0, 0, 128, 0, 0, 0, 0, false, 100_000));
    return all;
  }

  private static Scenario of(int conns, int channels) {
    return new Scenario(conns, channels, 0, 0, 128, 0, 0, 0, 0, false, 0);
  }

  private Scenario rate(int perSecond) {
    return new Scenario(conns, channels, perSecond, window, bytes, warmSecs, secs, resetAt, stalled,
        granted, history);
  }

  private Scenario window(int deliveries) {
    return new Scenario(conns, channels, rate, deliveries, bytes, warmSecs, secs, resetAt, stalled,
        granted, history);
  }

  private Scenario lasting(int warm, int counted) {
    return new Scenario(conns, channels, rate, window, bytes, warm, counted, resetAt, stalled,
        granted, history);
  }

  int fan() {
    return conns / channels;
  }

  String channel(int number) {
    return (granted ? "room_" : "ch") + number;
  }
}
