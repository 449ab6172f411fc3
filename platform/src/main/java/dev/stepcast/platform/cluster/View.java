package dev.stepcast.platform.cluster;

import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What this node knows of its cluster: the log, applied. Two nodes at the same position know the
 * same. Only the thread that follows the log changes it; any thread may look things up.
 */
final class View {
  private final String self;
  private final NodeCard cards;
  private final Registry registry;
  private final Map<String, Optional<NodeInfo>> members = new ConcurrentSkipListMap<>();
  private final Set<String> orphans = new HashSet<>();
  private Position position = Position.NONE;

  /**
   * A node came or went.
   *
   * @param members all nodes once it had
   */
  record NodeEvent(String node, boolean joined, List<String> members) {}

  /**
   * What changes mean to those who listen to us.
   *
   * @param touched addresses whose listeners may have changed
   * @param events  in the order of the log
   */
  record Effects(Set<String> touched, List<NodeEvent> events) {
    Effects() {
      this(new LinkedHashSet<>(), new ArrayList<>());
    }
  }

  View(String self, NodeCard cards) {
    this.self = self;
    this.cards = cards;
    this.registry = new Registry(self);
    members.put(self, Optional.empty());
  }

  Registry registry() {
    return registry;
  }

  Position position() {
    return position;
  }

  /** Sorted, so that all nodes at one position list them alike. */
  List<String> nodes() {
    return List.copyOf(members.keySet());
  }

  /** How {@code node} is reached; empty when it is not a member, or has not said. */
  Optional<NodeInfo> info(String node) {
    return members.getOrDefault(node, Optional.empty());
  }

  /** Who can be reached at {@code address}; nodes that cannot prove who they are, cannot. */
  List<RegistrationInfo> at(String address) {
    return registry.at(address).stream()
        .filter(info -> info.nodeId().equals(self) || info(info.nodeId()).isPresent()).toList();
  }

  /** Applies what happened up to {@code upTo}. */
  Effects apply(List<Change> changes, Position upTo) {
    var effects = new Effects();
    for (var change : changes) {
      if (!change.node().equals(self)) {
        apply(change, effects);
      }
    }
    position = upTo;
    return effects;
  }

  /**
   * Takes a snapshot for the truth.
   *
   * @param patient whether members it does not list may only be late, because Redis lost them: they
   *                are kept as {@link #orphans} until they turn up or are given up
   */
  Effects replace(Ledger.Snapshot snapshot, boolean patient) {
    var effects = new Effects();
    for (var node : nodes()) {
      if (!node.equals(self) && !snapshot.nodes().contains(node)) {
        if (patient) {
          orphans.add(node);
        } else {
          apply(new Change.Left(node), effects);
        }
      }
    }
    var changes = new ArrayList<Change>();
    snapshot.nodes().stream().sorted().forEach(node -> changes.add(new Change.Joined(node)));
    snapshot.cards().forEach((node, card) -> changes.add(new Change.Described(node, card)));
    changes.addAll(snapshot.entries());
    changes.stream().filter(change -> !change.node().equals(self))
        .forEach(change -> apply(change, effects));
    position = snapshot.at();
    return effects;
  }

  /** Members that Redis lost and that have not come back yet. */
  Set<String> orphans() {
    return Set.copyOf(orphans);
  }

  /** Buries those of {@code late} that have still not come back. */
  Effects giveUp(Set<String> late) {
    var effects = new Effects();
    late.stream().filter(orphans::contains).sorted()
        .forEach(node -> apply(new Change.Left(node), effects));
    return effects;
  }

  private void apply(Change change, Effects effects) {
    var node = change.node();
    switch (change) {
      case Change.Joined _ -> {
        orphans.remove(node);
        effects.touched.addAll(registry.clear(node));
        if (members.put(node, Optional.empty()) == null) {
          effects.events.add(new NodeEvent(node, true, nodes()));
        }
      }
      case Change.Described(_, var card) -> {
        var info = cards.read(node, card);
        members.computeIfPresent(node, (_, _) -> info);
        effects.touched.addAll(registry.addressesOf(node));
      }
      case Change.Added added -> {
        registry.added(added);
        effects.touched.add(added.address());
      }
      case Change.Dropped dropped -> {
        registry.dropped(dropped);
        effects.touched.add(dropped.address());
      }
      case Change.Left _ -> {
        orphans.remove(node);
        effects.touched.addAll(registry.clear(node));
        if (members.remove(node) != null) {
          effects.events.add(new NodeEvent(node, false, nodes()));
        }
      }
    }
  }
}
