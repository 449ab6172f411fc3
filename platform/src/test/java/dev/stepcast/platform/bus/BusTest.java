package dev.stepcast.platform.bus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.bus.Bus.Answer;
import dev.stepcast.platform.cluster.ClusterOnRedis;
import dev.stepcast.platform.cluster.ClusterOptions;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same promises in one process and in several. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BusTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final JsonObject QUESTION = new JsonObject().put("n", 1);

  private final ClusterOptions options = ClusterOptions.of(TestRedis.url(),
      new Keys(TestRedis.prefix(), 16));
  private final List<Vertx> started = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var vertx : started) {
      get(vertx.close());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_answer_comes_back(boolean clustered) throws Exception {
    var buses = buses(clustered);
    get(buses.getFirst().answer("sum", question -> Future
        .succeededFuture(new JsonObject().put("n", question.getInteger("n") + 1))));
    assertThat(get(buses.getLast().ask("sum", QUESTION, LONG)))
        .isEqualTo(new Answer.Replied(new JsonObject().put("n", 2)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void that_nobody_listens_or_replies_is_an_answer(boolean clustered) throws Exception {
    var buses = buses(clustered);
    get(buses.getFirst().answer("mute", _ -> Promise.<JsonObject>promise().future()));
    assertThat(get(buses.getLast().ask("unheard of", QUESTION, LONG)))
        .isEqualTo(new Answer.Nobody());
    assertThat(get(buses.getLast().ask("mute", QUESTION, Duration.ofMillis(100))))
        .isEqualTo(new Answer.Nobody());
    assertThat(get(buses.getLast().askNode("no such node", "mute", QUESTION, LONG)))
        .isEqualTo(new Answer.Nobody());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_failure_of_who_answers_is_told_as_such(boolean clustered) throws Exception {
    var buses = buses(clustered);
    get(buses.getFirst().answer("late", _ -> Future.failedFuture("not today")));
    get(buses.getFirst().answer("throws", _ -> {
      throw new IllegalStateException("broken");
    }));
    assertThat(get(buses.getLast().ask("late", QUESTION, LONG)))
        .isEqualTo(new Answer.Failed("not today"));
    assertThat(get(buses.getLast().ask("throws", QUESTION, LONG)))
        .isEqualTo(new Answer.Failed("broken"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void each_node_is_asked_and_has_an_entry(boolean clustered) throws Exception {
    var buses = buses(clustered);
    var first = buses.getFirst();
    get(first.answer("who", _ -> Future
        .succeededFuture(new JsonObject().put("node", first.node()))));
    await().atMost(20, SECONDS).until(() -> buses.getLast().nodes().size() == buses.size());
    var answers = get(buses.getLast().askEach("who", QUESTION, LONG));
    assertThat(answers).containsOnlyKeys(buses.getLast().nodes());
    assertThat(answers).containsEntry(first.node(),
        new Answer.Replied(new JsonObject().put("node", first.node())));
    assertThat(answers.values()).filteredOn(answer -> answer instanceof Answer.Nobody)
        .hasSize(buses.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everybody_hears_what_is_told_until_they_stop_listening(boolean clustered)
      throws Exception {
    var buses = buses(clustered);
    var heard = new CopyOnWriteArrayList<JsonObject>();
    var listenings = new ArrayList<Bus.Listening>();
    for (var bus : buses) {
      listenings.add(get(bus.hear("news", heard::add)));
    }
    buses.getLast().tell("news", QUESTION);
    await().atMost(20, SECONDS).until(() -> heard.size() == buses.size());
    for (var listening : listenings) {
      get(listening.end());
    }
    buses.getLast().tell("news", QUESTION);
    assertThat(get(buses.getLast().ask("news", QUESTION, Duration.ofMillis(100))))
        .isEqualTo(new Answer.Nobody());
    assertThat(heard).hasSize(buses.size());
  }

  private List<Bus> buses(boolean clustered) throws Exception {
    if (!clustered) {
      started.add(Vertx.vertx());
    }
    for (int i = 0; clustered && i < 2; i++) {
      started.add(get(Vertx.builder()
          .with(new VertxOptions().setEventBusOptions(options.bus("127.0.0.1", 0)))
          .withClusterManager(new ClusterOnRedis(options)).buildClustered()));
    }
    return started.stream().map(Bus::new).toList();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }
}
