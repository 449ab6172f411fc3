package dev.stepcast.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.spi.cluster.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a node knows must not depend on how it came to know it. */
class ViewTest {
  private static final String SELF = "n0";
  private static final NodeCard CARDS = new NodeCard(null);

  /** The truth as the scripts keep it: only members have something. */
  private static final class Truth {
    final TreeMap<String, String> members = new TreeMap<>();
    final TreeSet<String> entries = new TreeSet<>();
    final List<Change> log = new ArrayList<>();

    Truth() {
      members.put(SELF, "");
    }

    void happen(Change change) {
      var node = change.node();
      boolean member = members.containsKey(node);
      boolean happened = switch (change) {
        case Change.Joined _ -> {
          forget(node);
          members.put(node, "");
          yield true;
        }
        case Change.Described(_, var card) -> member && members.put(node, card) != null;
        case Change.Added added -> member && entries.add(text(added.node(), added.seq(),
            added.address()));
        case Change.Dropped dropped -> entries.remove(text(dropped.node(), dropped.seq(),
            dropped.address()));
        case Change.Left _ -> member && forget(node);
      };
      if (happened) {
        log.add(change);
      }
    }

    Ledger.Snapshot snapshot() {
      var cards = new TreeMap<>(members);
      cards.values().removeIf(String::isEmpty);
      return new Ledger.Snapshot(new Position(log.size(), "m"), List.copyOf(members.keySet()),
          cards, entries.stream().map(ViewTest::entry).toList());
    }

    private boolean forget(String node) {
      entries.removeIf(entry -> entry.startsWith(node + " "));
      return members.remove(node) != null;
    }
  }

  @Property(tries = 300)
  void a_log_and_a_snapshot_lead_to_the_same(@ForAll("changes") List<Change> changes) {
    var truth = new Truth();
    changes.forEach(truth::happen);
    var followed = new View(SELF, CARDS);
    followed.apply(truth.log, new Position(truth.log.size(), "m"));
    var read = new View(SELF, CARDS);
    read.replace(truth.snapshot(), false);
    assertThat(seen(followed)).isEqualTo(seen(read));
  }

  @Property(tries = 300)
  void a_snapshot_on_the_way_changes_nothing(@ForAll("changes") List<Change> before,
      @ForAll("changes") List<Change> missed, @ForAll("changes") List<Change> after) {
    var truth = new Truth();
    var view = new View(SELF, CARDS);
    before.forEach(truth::happen);
    view.apply(truth.log, Position.NONE);
    missed.forEach(truth::happen);
    view.replace(truth.snapshot(), false);
    int from = truth.log.size();
    after.forEach(truth::happen);
    view.apply(truth.log.subList(from, truth.log.size()), Position.NONE);
    var read = new View(SELF, CARDS);
    read.replace(truth.snapshot(), false);
    assertThat(seen(view)).isEqualTo(seen(read));
  }

  @Property(tries = 300)
  void a_node_that_is_only_late_has_not_left(@ForAll("changes") List<Change> changes) {
    var truth = new Truth();
    changes.forEach(truth::happen);
    var view = new View(SELF, CARDS);
    view.apply(truth.log, Position.NONE);
    var before = seen(view);
    var emptied = new Truth();
    assertThat(view.replace(emptied.snapshot(), true).events()).isEmpty();
    assertThat(seen(view)).isEqualTo(before);
    var late = view.orphans();
    assertThat(view.giveUp(late).events()).hasSize(late.size());
    assertThat(view.nodes()).containsExactly(SELF);
  }

  @Property(tries = 300)
  void events_add_up_to_the_members(@ForAll("changes") List<Change> changes) {
    var truth = new Truth();
    changes.forEach(truth::happen);
    var view = new View(SELF, CARDS);
    var members = new TreeSet<>(List.of(SELF));
    for (var event : view.apply(truth.log, Position.NONE).events()) {
      assertThat(event.joined() ? members.add(event.node()) : members.remove(event.node()))
          .isTrue();
      assertThat(event.members()).containsExactlyElementsOf(members);
    }
    assertThat(view.nodes()).containsExactlyElementsOf(members);
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    var nodes = Arbitraries.of("n1", "n2", "n3");
    var seqs = Arbitraries.longs().between(0, 2);
    var addresses = Arbitraries.of("a", "b", "c with blanks");
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(2, nodes.map(Change.Joined::new)),
        net.jqwik.api.Tuple.of(2, nodes.map(node -> new Change.Described(node,
            CARDS.write(node, new NodeInfo("host-" + node, 1, null))))),
        net.jqwik.api.Tuple.of(5,
            Combinators.combine(nodes, seqs, addresses).as(Change.Added::new)),
        net.jqwik.api.Tuple.of(3,
            Combinators.combine(nodes, seqs, addresses).as(Change.Dropped::new)),
        net.jqwik.api.Tuple.of(1, nodes.map(Change.Left::new)))
        .map(change -> (Change) change).list().ofMaxSize(40);
  }

  private static Map<String, Object> seen(View view) {
    var seen = new TreeMap<String, Object>();
    seen.put("nodes", view.nodes());
    view.nodes().forEach(node -> seen.put(node, view.info(node)));
    List.of("a", "b", "c with blanks").forEach(address -> seen.put("at " + address,
        List.copyOf(new TreeSet<>(view.at(address).stream().map(String::valueOf).toList()))));
    return seen;
  }

  private static String text(String node, long seq, String address) {
    return node + " " + seq + " " + address;
  }

  private static Change.Added entry(String text) {
    var parts = text.split(" ", 3);
    return new Change.Added(parts[0], Long.parseLong(parts[1]), parts[2]);
  }
}
