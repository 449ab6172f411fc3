package dev.stepcast.runs.query;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.runs.changes.ChangeFeed;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.control.Runs.Triggered;
import dev.stepcast.runs.query.RunQueries.Page;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Control;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunFilter;
import dev.stepcast.schemas.RunHead;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.schemas.WorkflowInfo;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class RunQueriesTest {
  private static final RunFilter ALL = new RunFilter(null, null, null, null, null);

  private final Vertx vertx = Vertx.vertx();
  private final RedisLink redis = RedisLink.open(vertx, TestRedis.url(), 2);

  @BeforeAll
  void connect() {
    await().atMost(20, SECONDS).until(redis::up);
  }

  @AfterAll
  void close() throws Exception {
    get(redis.close().eventually(vertx::close));
  }

  /** One deployment of its own for each test. */
  private final class Place {
    final Keys keys = new Keys(TestRedis.prefix(), 4);
    final RunStore store = RunStore.redis(redis, keys, RunStore.KEPT);
    final Runs runs = new Runs(store, keys);
    final RunQueries queries = new RunQueries(redis, keys, store, Clock.systemUTC());

    String trigger(String workflow, List<String> labels) throws Exception {
      return id(get(runs.trigger(command(workflow, labels, null, null))));
    }

    RunList list(RunFilter filter) throws Exception {
      var all = new ArrayList<RunHead>();
      String cursor = null;
      do {
        var page = get(queries.list(filter, new Page(cursor, 7)));
        all.addAll(page.runs());
        cursor = page.cursor();
      } while (cursor != null);
      return new RunList(all);
    }
  }

  private record RunList(List<RunHead> heads) {
    List<String> ids() {
      return heads.stream().map(RunHead::workflowRunId).toList();
    }
  }

  @Test
  void pages_show_every_run_once_newest_first() throws Exception {
    var place = new Place();
    var ids = new ArrayList<String>();
    for (int i = 0; i < 50; i++) {
      ids.add(place.trigger(i % 2 == 0 ? "even" : "odd", List.of()));
    }
    var listed = place.list(ALL);
    assertThat(listed.ids()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(listed.heads()).isSortedAccordingTo(
        (a, b) -> Long.compare(b.createdAt(), a.createdAt()));
    assertThat(place.list(new RunFilter(null, "odd", null, null, null)).ids()).hasSize(25);
  }

  @Test
  void labels_and_states_narrow_a_list() throws Exception {
    var place = new Place();
    var red = place.trigger("w", List.of("red", "big"));
    place.trigger("w", List.of("blue"));
    var canceled = place.trigger("w", List.of());
    assertThat(get(place.runs.cancel(canceled))).isEqualTo(Control.DONE);
    assertThat(place.list(new RunFilter(null, null, "red", null, null)).ids())
        .containsExactly(red);
    assertThat(place.list(new RunFilter(RunState.CANCELED, null, null, null, null)).ids())
        .containsExactly(canceled);
    assertThat(place.list(new RunFilter(RunState.QUEUED, null, null, null, null)).ids())
        .hasSize(2).contains(red);
  }

  @Test
  void a_run_shows_its_payload_also_a_large_one() throws Exception {
    var place = new Place();
    var large = "\"" + "x".repeat(200_000) + "\"";
    var id = id(get(place.runs.trigger(command("w", List.of("l"), null, large))));
    var view = get(place.queries.run(id)).orElseThrow();
    assertThat(view.payload().text()).isEqualTo(large);
    assertThat(view.labels()).containsExactly("l");
    assertThat(view.dueAt()).isEqualTo(view.createdAt());
    assertThat(get(place.queries.run("wfr_none"))).isEmpty();
  }

  @Test
  void the_same_key_and_request_is_the_same_run_and_another_request_a_conflict()
      throws Exception {
    var place = new Place();
    var first = id(get(place.runs.trigger(command("w", List.of(), "k", "1"))));
    assertThat(get(place.runs.trigger(command("w", List.of(), "k", "1"))))
        .isInstanceOfSatisfying(Triggered.Deduplicated.class,
            again -> assertThat(again.workflowRunId()).isEqualTo(first));
    assertThat(get(place.runs.trigger(command("w", List.of(), "k", "2"))))
        .isEqualTo(new Triggered.Conflict(first));
    assertThat(place.list(ALL).ids()).containsExactly(first);
  }

  @Test
  void changes_are_folded_into_the_latest_state() throws Exception {
    var place = new Place();
    var feed = new ChangeFeed(redis, place.keys);
    assertThat(get(feed.poll())).isEmpty();
    var id = place.trigger("w", List.of());
    get(place.runs.cancel(id));
    assertThat(get(feed.poll())).singleElement().satisfies(moved -> {
      assertThat(moved.workflow()).isEqualTo("w");
      assertThat(moved.runs()).singleElement()
          .satisfies(run -> assertThat(run.state()).isEqualTo(RunState.CANCELED));
    });
    assertThat(get(feed.poll())).isEmpty();
  }

  @Test
  void who_takes_the_changes_over_tells_the_last_seconds_again() throws Exception {
    var place = new Place();
    var id = place.trigger("w", List.of()); // and who should have told it is killed
    var feed = new ChangeFeed(redis, place.keys);
    assertThat(get(feed.poll())).isEmpty();
    assertThat(get(feed.poll())).singleElement().satisfies(moved -> assertThat(moved.runs())
        .singleElement().satisfies(run -> assertThat(run.workflowRunId()).isEqualTo(id)));
  }

  @Test
  void the_catalog_lists_what_was_announced_by_name() throws Exception {
    var catalog = new Catalog(redis, new Keys(TestRedis.prefix(), 4), Clock.systemUTC());
    var b = new WorkflowInfo("b", "1", new RawJson("{}"), null);
    var a = new WorkflowInfo("a", "2", new RawJson("true"), new RawJson("{\"x\":1}"));
    get(catalog.announce(List.of(b, a)));
    assertThat(get(catalog.list())).containsExactly(a, b);
    assertThat(get(catalog.find("b"))).contains(b);
    assertThat(get(catalog.find("c"))).isEmpty();
  }

  private static TriggerCommand command(String workflow, List<String> labels,
      @Nullable String key, @Nullable String payload) {
    return new TriggerCommand(new TriggerRequest(workflow,
        payload == null ? null : new RawJson(payload), null, null, null, null, labels, null), "1",
        key);
  }

  private static String id(Triggered triggered) {
    return ((Triggered.Accepted) triggered).workflowRunId();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
