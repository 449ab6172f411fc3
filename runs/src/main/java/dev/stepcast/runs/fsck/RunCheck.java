package dev.stepcast.runs.fsck;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.runs.fsck.Fsck.Finding;
import dev.stepcast.runs.fsck.Fsck.Severity;
import dev.stepcast.runs.fsck.Walk.Place;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.journal.Note;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WireException;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What must be true of every run. */
final class RunCheck {
  /** The indexes by state, and that of all runs. */
  static final List<String> INDEXES = List.of("all", "LIVE", "SLEEPING", "WAITING", "BACKING_OFF",
      "PAUSED", "BLOCKED_BY_FLOW", "FAILED", "CANCELED");

  private static final Script FACTS = Script.of(RunCheck.class, "facts")
      .with(Script.of(RunCheck.class, "slot")).with(Script.of(RunStore.class, "run"));

  private final RedisLink redis;
  private final Keys keys;
  private final RunStore store;

  RunCheck(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
    this.store = RunStore.redis(redis, keys, RunStore.KEPT);
  }

  /** What {@code facts.lua} answers. */
  record Facts(RunState state, String pool, String token, String epoch, long owed, long ttlMs,
      String score, long waits, Set<String> indexes, List<String> undue) {
    static Facts of(Response answer) {
      return new Facts(RunState.valueOf(answer.get(0).toString()), answer.get(1).toString(),
          answer.get(2).toString(), answer.get(3).toString(), answer.get(4).toLong(),
          answer.get(5).toLong(), answer.get(6).toString(), answer.get(7).toLong(),
          new TreeSet<>(texts(answer.get(8))), texts(answer.get(9)));
    }

    private static List<String> texts(Response answer) {
      return answer.stream().map(Response::toString).toList();
    }

    boolean endpoint() {
      return pool.equals("endpoint");
    }
  }

  Future<List<Finding>> check(Place place) {
    if (!keys.slot(place.name()).head().equals(place.head())) {
      return Future.succeededFuture(List.of(error("misplaced", place.name(),
          "it lies in another partition than PARTITIONS=" + keys.partitions() + " says")));
    }
    var args = new ArrayList<>(List.of(place.name()));
    args.addAll(INDEXES);
    return redis.run(FACTS, List.of(place.head()), args).compose(answer -> {
      if (answer.size() == 0) {
        return Future.succeededFuture(List.of()); // it was forgotten just now
      }
      if (answer.get(0).toString().isEmpty()) {
        return Future.succeededFuture(List.of(error("stateless", place.name(), "no state")));
      }
      var facts = Facts.of(answer);
      var found = judge(place.name(), facts);
      return facts.endpoint() ? Future.succeededFuture(found)
          : store.read(place.name()).map(image -> {
            image.ifPresent(read -> found.addAll(journal(read)));
            return found;
          });
    });
  }

  /** Judges what was read in one moment. */
  static List<Finding> judge(String id, Facts facts) {
    var found = new ArrayList<Finding>();
    if (!id.startsWith("msg_") && !facts.indexes().equals(indexes(facts.state()))) {
      found.add(error("index", id, facts.state() + " is in " + facts.indexes() + ", not in "
          + indexes(facts.state())));
    }
    if (facts.state().ended()) {
      ended(id, facts, found);
    } else {
      live(id, facts, found);
    }
    return found;
  }

  private static void live(String id, Facts facts, List<Finding> found) {
    if (facts.ttlMs() >= 0) {
      found.add(error("mortal", id, "it has not ended and will be forgotten"));
    }
    if (!facts.undue().isEmpty() && facts.waits() == 0) {
      found.add(error("unreachable", id, "deliveries " + facts.undue() + " are not due"));
    }
    if (facts.endpoint()) {
      return;
    }
    boolean never = facts.score().equals("inf");
    if (facts.score().isEmpty() || (never && facts.state() != RunState.PAUSED)) {
      found.add(error("unreachable", id, facts.state() + " and nobody will ever look at it"));
    }
    if (facts.state() == RunState.RUNNING && !facts.token().startsWith(facts.epoch() + ":")) {
      found.add(error("token", id, "token '" + facts.token() + "' in epoch " + facts.epoch()));
    }
  }

  private static void ended(String id, Facts facts, List<Finding> found) {
    boolean owes = facts.owed() > 0 || !facts.undue().isEmpty();
    boolean looked = facts.endpoint() ? facts.undue().isEmpty() : !facts.score().isEmpty();
    if (owes && !looked) {
      found.add(error("owes", id, "it has ended and nobody will tell those it owes it to"));
    }
    if (!owes && !facts.endpoint() && looked) {
      found.add(error("due-ended", id, "it has ended and is still due"));
    }
    if (!owes && facts.ttlMs() < 0) {
      found.add(error("immortal", id, "it has ended and is never forgotten"));
    }
  }

  private static Set<String> indexes(RunState state) {
    return switch (state) {
      case QUEUED, RUNNING -> Set.of("all", "LIVE");
      case SUCCEEDED -> Set.of("all");
      default -> Set.of("all", state.name());
    };
  }

  /** Entries can be read, large values are there, and no number of a line of calls is missing. */
  private static List<Finding> journal(RunImage image) {
    var found = new ArrayList<Finding>();
    var paths = new TreeSet<String>();
    image.of(Entry.FIELD).forEach(field -> {
      paths.add(field.getKey());
      try {
        if (Boolean.TRUE.equals(Wire.decode(field.getValue(), Entry.class).large())
            && !image.large().containsKey(Entry.FIELD + field.getKey())) {
          found
              .add(error("blob", image.id(), "the large result of " + field.getKey() + " is gone"));
        }
      } catch (WireException e) {
        found.add(error("journal", image.id(), "entry " + field.getKey() + ": " + e.getMessage()));
      }
    });
    Stream.of(Note.ATTEMPTS, Note.WAIT)
        .forEach(kind -> image.of(kind).forEach(field -> paths.add(field.getKey())));
    var holes = holes(paths);
    if (!holes.isEmpty()) {
      found.add(new Finding(Severity.NOTE, "hole", image.id(),
          "no entries at " + holes + ": a branch without steps, or lost"));
    }
    return found;
  }

  /** Which places are missing before others of the same line. */
  static Set<String> holes(Set<String> paths) {
    var there = new HashSet<String>();
    for (var path : paths) {
      for (int dot = path.length(); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
        there.add(path.substring(0, dot));
      }
    }
    var holes = new TreeSet<String>();
    for (var path : there) {
      int dot = path.lastIndexOf('.') + 1;
      var last = path.substring(dot);
      for (int i = 0; last.matches("\\d+") && i < Integer.parseInt(last); i++) {
        if (!there.contains(path.substring(0, dot) + i)) {
          holes.add(path.substring(0, dot) + i);
        }
      }
    }
    return holes;
  }

  private static Finding error(String kind, String id, String detail) {
    return new Finding(Severity.ERROR, kind, id, detail);
  }
}
