package dev.stepcast.platform.cluster;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster as it stands in Redis, seen by one node: every method is one atomic step there. */
final class Ledger {
  private static final Script LIBRARY = Script.of(Ledger.class, "ledger");
  private static final Script JOIN = Script.of(Ledger.class, "join").with(LIBRARY);
  private static final Script BEAT = Script.of(Ledger.class, "beat").with(LIBRARY);
  private static final Script LEAVE = Script.of(Ledger.class, "leave").with(LIBRARY);
  private static final Script DOUBT = Script.of(Ledger.class, "doubt").with(LIBRARY);
  private static final Script DESCRIBE = Script.of(Ledger.class, "describe").with(LIBRARY);
  private static final Script REGISTER = Script.of(Ledger.class, "register").with(LIBRARY);
  private static final Script UNREGISTER = Script.of(Ledger.class, "unregister").with(LIBRARY);
  private static final Script FOLLOW = Script.of(Ledger.class, "follow");
  private static final Script SNAPSHOT = Script.of(Ledger.class, "snapshot");
  private static final int CHANGES_MAX = 512;

  private final RedisLink redis;
  private final Keys.Slot keys;
  private final String node;
  private final long leaseMs;

  /** What following the log can lead to. */
  sealed interface Followed {
    /** What happened since; {@code more} when there was too much for one answer. */
    record Changes(List<Change> changes, Position upTo, boolean more) implements Followed {}

    /** Too much has happened: take a snapshot. */
    record Trimmed() implements Followed {}

    /** This Redis has another past, it was emptied or went back in time: take a snapshot. */
    record Broken() implements Followed {}
  }

  /**
   * All there is, at one place in the history.
   *
   * @param cards   node to card, for those that have one
   * @param entries registrations
   */
  record Snapshot(Position at, List<String> nodes, Map<String, String> cards,
      List<Change.Added> entries) {}

  Ledger(RedisLink redis, Keys.Slot keys, String node, long leaseMs) {
    this.redis = redis;
    this.keys = keys;
    this.node = node;
    this.leaseMs = leaseMs;
  }

  /** The channel that rings for every change and every lock given back. */
  String ring() {
    return keys.key("log");
  }

  /** The channel by whose subscriber Redis knows that {@code which} still listens. */
  String ear(String which) {
    return keys.key("ear", which);
  }

  Future<Void> join(Optional<String> card, Collection<Change.Added> had) {
    var args = new ArrayList<String>(had.size() + 3);
    args.addAll(List.of(node, String.valueOf(leaseMs), card.orElse("")));
    had.forEach(entry -> args.add(entry.seq() + " " + entry.address()));
    return redis.run(JOIN, all(), args).mapEmpty();
  }

  /** Renews the lease; empty when we are no member any more. */
  Future<Optional<Position>> beat() {
    return redis.run(BEAT, all(), List.of(node, leaseMs)).map(answer -> lost(answer)
        ? Optional.empty()
        : Optional.of(new Position(Long.parseLong(answer.get(1).toString()),
            answer.get(2).toString())));
  }

  Future<Void> leave() {
    return redis.run(LEAVE, all(), List.of(node)).mapEmpty();
  }

  /** Whether {@code which} was buried: we cannot reach it, and Redis does not hear it either. */
  Future<Boolean> doubt(String which) {
    var used = new ArrayList<>(all());
    used.add(ear(which));
    return redis.run(DOUBT, used, List.of(which))
        .map(answer -> answer.get(0).toString().equals("BURIED"));
  }

  /** False when we are no member any more. */
  Future<Boolean> describe(String card) {
    return redis.run(DESCRIBE, keys("nodes", "info", "head", "log"), List.of(node, card))
        .map(answer -> !lost(answer));
  }

  /** False when we are no member any more. */
  Future<Boolean> register(long seq, String address) {
    return registered(REGISTER, seq, address);
  }

  /** False when we are no member any more. */
  Future<Boolean> unregister(long seq, String address) {
    return registered(UNREGISTER, seq, address);
  }

  Future<Followed> follow(Position from) {
    return redis.run(FOLLOW, keys("head", "log"), List.of(from.version(), from.mark(), CHANGES_MAX))
        .map(answer -> switch (answer.get(0).toString()) {
          case "TRIMMED" -> new Followed.Trimmed();
          case "BROKEN" -> new Followed.Broken();
          default -> changes(from, answer.get(1));
        });
  }

  Future<Snapshot> snapshot() {
    return redis.run(SNAPSHOT, keys("nodes", "info", "regs", "head"), List.of()).map(answer -> {
      var at = new Position(Long.parseLong(answer.get(0).toString()), answer.get(1).toString());
      var nodes = new ArrayList<String>();
      answer.get(2).forEach(each -> nodes.add(each.toString()));
      var cards = new LinkedHashMap<String, String>();
      var flat = answer.get(3);
      for (int i = 0; i + 1 < flat.size(); i += 2) {
        cards.put(flat.get(i).toString(), flat.get(i + 1).toString());
      }
      var entries = new ArrayList<Change.Added>();
      answer.get(4).forEach(each -> entries.add(entry(each.toString())));
      return new Snapshot(at, nodes, cards, entries);
    });
  }

  private Future<Boolean> registered(Script script, long seq, String address) {
    return redis.run(script, keys("nodes", "regs", "head", "log"), List.of(node, seq, address))
        .map(answer -> !lost(answer));
  }

  private static Followed changes(Position from, Response page) {
    var changes = new ArrayList<Change>();
    var upTo = from;
    for (var entry : page) {
      var id = entry.get(0).toString();
      var fields = entry.get(1);
      changes.add(Change.of(fields));
      upTo = new Position(Long.parseLong(id.substring(0, id.indexOf('-'))),
          fields.get(1).toString());
    }
    return new Followed.Changes(changes, upTo, changes.size() >= CHANGES_MAX);
  }

  /** {@code "node seq address"}, where an address may hold blanks. */
  private static Change.Added entry(String text) {
    int first = text.indexOf(' ');
    int second = text.indexOf(' ', first + 1);
    return new Change.Added(text.substring(0, first),
        Long.parseLong(text.substring(first + 1, second)), text.substring(second + 1));
  }

  private static boolean lost(Response answer) {
    return answer.get(0).toString().equals("LOST");
  }

  private List<String> all() {
    return keys("nodes", "info", "regs", "locks", "head", "log");
  }

  private List<String> keys(String... kinds) {
    return java.util.Arrays.stream(kinds).map(keys::key).toList();
  }
}
