package dev.stepcast.runs.query;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.Executor;
import dev.stepcast.schemas.RunFilter;
import dev.stepcast.schemas.RunHead;
import dev.stepcast.schemas.RunList;
import dev.stepcast.schemas.RunView;
import dev.stepcast.schemas.WhyAnswer;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads runs. What it answers was true a moment ago. */
public final class RunQueries {
  private static final List<String> HEAD = List.of(RunImage.STATE, RunImage.WORKFLOW,
      RunImage.VERSION, RunImage.POOL, "at", "end", RunImage.CONFIG, "rf", "xf");
  /** What the names of the fields of open deliveries begin with, in a run of an endpoint. */
  private static final String DELIVERY = "d:";
  /** Runs looked at for one page; a filter that fits fewer makes the page short. */
  private static final int LOOKED_AT_MAX = 2_000;

  private final RedisLink redis;
  private final Keys keys;
  private final RunStore store;
  private final InstantSource clock;
  private final RunIndex index;

  /**
   * Which part of a list.
   *
   * @param cursor what the page before answered; null for the first
   * @param limit  runs at most
   */
  public record Page(@Nullable String cursor, int limit) {}

  /** Reads the runs of {@code store}. */
  public RunQueries(RedisLink redis, Keys keys, RunStore store, InstantSource clock) {
    this.redis = redis;
    this.keys = keys;
    this.store = store;
    this.clock = clock;
    this.index = new RunIndex(redis, keys);
  }

  /**
   * Runs that {@code filter} fits, newest first. A page may be short, or empty, and still have a
   * cursor: then there is more to look at.
   *
   * @return fails with {@link IllegalArgumentException} when the cursor is none of ours
   */
  public Future<RunList> list(RunFilter filter, Page page) {
    try {
      var place = page.cursor() == null ? RunIndex.Place.newest(filter.to())
          : RunIndex.Place.of(page.cursor());
      return more(filter, page.limit(), place, new Found(new ArrayList<>(), 0));
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
  }

  private record Found(List<RunHead> heads, int looked) {}

  private Future<RunList> more(RunFilter filter, int limit, RunIndex.Place from, Found found) {
    int want = limit - found.heads().size();
    return index.page(filter, from, want).compose(places -> heads(places).compose(heads -> {
      heads.stream().filter(head -> fits(filter, head)).forEach(found.heads()::add);
      boolean end = places.size() < want;
      int looked = found.looked() + places.size();
      if (end || found.heads().size() >= limit || looked >= LOOKED_AT_MAX) {
        return Future.succeededFuture(
            new RunList(found.heads(), end ? null : places.getLast().cursor()));
      }
      return more(filter, limit, places.getLast(), new Found(found.heads(), looked));
    }));
  }

  /** One run as a list shows it; empty where there is none. */
  public Future<Optional<RunHead>> head(String workflowRunId) {
    return headOf(workflowRunId);
  }

  /** One run with its timeline; empty where there is none. */
  public Future<Optional<RunView>> run(String workflowRunId) {
    return store.read(workflowRunId).compose(found -> {
      if (found.isEmpty()) {
        return Future.succeededFuture(Optional.empty());
      }
      var image = found.get();
      var timeline = new Timeline(image, clock.millis());
      return dueAt(image).map(due -> Optional.of(timeline.view(due.orElse(null))));
    });
  }

  /** Why one run stands where it stands; empty where there is none. */
  public Future<Optional<WhyAnswer>> why(String workflowRunId) {
    return store.read(workflowRunId).compose(found -> {
      if (found.isEmpty()) {
        return Future.succeededFuture(Optional.empty());
      }
      var image = found.get();
      long now = clock.millis();
      return dueAt(image).compose(due -> {
        var run = new Timeline(image, now).view(due.orElse(null));
        var whys = new Whys(FlowBook.redis(redis, keys), now);
        return (image.executor() == Executor.ENDPOINT
            ? new EndpointWhys(redis, keys, whys).why(image, run)
            : whys.why(image, run)).map(Optional::of);
      });
    });
  }

  private Future<Optional<Long>> dueAt(RunImage image) {
    if (image.state().ended()) {
      return Future.succeededFuture(Optional.empty());
    }
    var members = image.executor() == Executor.JAVA ? List.of(image.id())
        : image.of(DELIVERY).map(slot -> image.id() + "#" + slot.getKey()).toList();
    if (members.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var due = keys.slot(image.id()).key("due", image.text(RunImage.POOL));
    var ask = Request.cmd(Command.ZMSCORE).arg(due);
    members.forEach(ask::arg);
    return redis.send(due, ask).map(scores -> scores == null ? Optional.empty()
        : scores.stream().filter(Objects::nonNull).map(Response::toDouble)
            .filter(at -> !at.isInfinite()).map(Double::longValue).min(Long::compare));
  }

  private Future<List<RunHead>> heads(List<RunIndex.Place> places) {
    var all = places.stream().map(place -> headOf(place.id())).toList();
    return Future.all(all).map(_ -> all.stream().map(Future::result).flatMap(Optional::stream)
        .toList());
  }

  private Future<Optional<RunHead>> headOf(String id) {
    var run = keys.slot(id).key("run", id);
    var ask = Request.cmd(Command.HMGET).arg(run);
    HEAD.forEach(ask::arg);
    return redis.send(run, ask).map(answer -> {
      Map<String, String> fields = new HashMap<>();
      for (int i = 0; answer != null && i < HEAD.size(); i++) {
        var value = answer.get(i);
        if (value != null) {
          fields.put(HEAD.get(i), value.toString());
        }
      }
      return fields.containsKey(RunImage.STATE)
          ? Optional.of(Timeline.head(new RunImage(id, fields, Map.of())))
          : Optional.empty();
    });
  }

  private static boolean fits(RunFilter filter, RunHead head) {
    return (filter.state() == null || filter.state() == head.state())
        && (filter.workflow() == null || filter.workflow().equals(head.workflow()))
        && (filter.label() == null || head.labels().contains(filter.label()))
        && (filter.from() == null || head.createdAt() >= Objects.requireNonNull(filter.from()))
        && (filter.to() == null || head.createdAt() < Objects.requireNonNull(filter.to()));
  }
}
