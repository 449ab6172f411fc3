package dev.stepcast.runs.fsck;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds every run, index, waiter, slot and schedule against what must be true of it. Works beside
 * running services, a page of keys at a time: what is wrong only for a moment, because something is
 * under way, is looked at twice.
 */
public final class Fsck {
  private static final Duration PAUSE = Duration.ofSeconds(3);
  private static final int SHOWN_MOST = 1_000;

  private final Vertx vertx;
  private final RedisLink redis;
  private final Keys keys;
  private final Duration pause;

  /** How bad it is. */
  public enum Severity {
    /** Something must always be true, and is not: nothing heals it by itself. */
    ERROR,
    /** A left-over that goes away by itself, or that nobody minds. */
    NOTE
  }

  /**
   * Something that is not as it must be.
   *
   * @param kind    a word for it, see docs/OPERATING.md
   * @param subject the run, or the key
   * @param detail  for people
   */
  public record Finding(Severity severity, String kind, String subject, String detail) {
    private String same() {
      return kind + " " + subject;
    }
  }

  /**
   * What was found.
   *
   * @param keys     looked at
   * @param runs     among them
   * @param findings a thousand at most
   * @param repaired how many were put right
   */
  public record Report(long keys, long runs, List<Finding> findings, long repaired) {
    /** Whether nothing is wrong, or all of it has been put right. */
    public boolean sound() {
      return repaired == findings.size()
          || findings.stream().noneMatch(one -> one.severity() == Severity.ERROR);
    }
  }

  /** Looks at the runs in {@code redis}. */
  public Fsck(Vertx vertx, RedisLink redis, Keys keys) {
    this(vertx, redis, keys, PAUSE);
  }

  Fsck(Vertx vertx, RedisLink redis, Keys keys, Duration pause) {
    this.vertx = vertx;
    this.redis = redis;
    this.keys = keys;
    this.pause = pause;
  }

  /** Looks, and where something seems wrong once more after a moment. */
  public Future<Report> check() {
    return pass().compose(first -> first.found().isEmpty() ? Future.succeededFuture(first)
        : wait(pause).compose(_ -> pass()).map(second -> second.onlyThoseOf(first)))
        .map(found -> report(found, 0));
  }

  /** As {@link #check}, and then puts right what can be without guessing. */
  public Future<Report> repair() {
    return check().compose(report -> {
      var mender = new Mender(redis, keys);
      Future<Long> done = Future.succeededFuture(0L);
      for (var finding : report.findings()) {
        done = done.compose(count -> mender.mend(finding).map(mended -> count + (mended ? 1 : 0)));
      }
      return done.map(count -> new Report(report.keys(), report.runs(), report.findings(), count));
    });
  }

  private record Pass(long keys, long runs, List<Finding> found) {
    Pass onlyThoseOf(Pass before) {
      Set<String> known = new HashSet<>(before.found.stream().map(Finding::same).toList());
      return new Pass(keys, runs,
          found.stream().filter(one -> known.contains(one.same())).toList());
    }
  }

  private static Report report(Pass pass, long repaired) {
    return new Report(pass.keys(), pass.runs(),
        pass.found().stream().limit(SHOWN_MOST).toList(), repaired);
  }

  private Future<Pass> pass() {
    var found = new ArrayList<Finding>();
    var counts = new long[2];
    var runs = new RunCheck(redis, keys);
    var others = new OtherChecks(redis, keys);
    return new Walk(redis, keys).each(place -> {
      counts[0]++;
      counts[1] += place.kind().equals("run") ? 1 : 0;
      return place.kind().equals("run") ? runs.check(place) : others.check(place);
    }, found::addAll).map(_ -> new Pass(counts[0], counts[1], List.copyOf(found)));
  }

  private Future<Void> wait(Duration duration) {
    var promise = Promise.<Void>promise();
    vertx.setTimer(duration.toMillis(), _ -> promise.complete());
    return promise.future();
  }
}
