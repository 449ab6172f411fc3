package dev.stepcast.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.schema.SchemaBook;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.runs.catalog.Versions;
import dev.stepcast.workflow.api.WorkflowContext.Call;
import dev.stepcast.workflow.api.WorkflowContext.Reply;
import dev.stepcast.workflow.outside.Caller;
import dev.stepcast.workflow.registry.Registry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What {@code context.call} does to the world, and the world to it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutsideWorldTest {
  private static final String MEGABYTE = "x".repeat(1 << 20);

  private static final int MANY = 500;

  private static final Keys KEYS = new Keys(TestRedis.prefix(), 1);

  private final Vertx vertx = Vertx.vertx();
  private final Vertx others = Vertx.vertx();
  private final RedisLink redis = RedisLink.open(vertx, TestRedis.url(), 1);
  private final OutsideWorld world = world(true);
  private String url = "";

  private OutsideWorld world(boolean privateToo) {
    return new OutsideWorld(new Registry(List.of()),
        new OutsideWorld.Elsewhere(new Catalog(redis, KEYS, Clock.systemUTC()),
            new Versions(redis, KEYS)),
        new Caller(vertx, privateToo), SchemaBook.open(null));
  }

  @BeforeAll
  void serve() {
    var server = others.createHttpServer().requestHandler(OutsideWorldTest::answer)
        .listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    url = "http://127.0.0.1:" + server.actualPort();
  }

  private static void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/moved" -> request.response().setStatusCode(302).putHeader("location", "/echo").end();
      case "/endless" -> more(request.response().setChunked(true));
      case "/silent" -> {
      } // the caller gives up
      default -> request.body().onSuccess(body -> request.response().putHeader("X-Two", "a")
          .setStatusCode(201).end(request.method() + " " + body + " "
              + request.getHeader("idempotency-key")));
    }
  }

  private static void more(HttpServerResponse response) {
    response.write(MEGABYTE).onSuccess(_ -> more(response));
  }

  @AfterAll
  void stop() {
    others.close().eventually(vertx::close).toCompletionStage().toCompletableFuture().join();
  }

  private Reply call(String path) throws Exception {
    return world.call(new Call("POST", url + path, Map.of("host", "elsewhere"), "{}", 0,
        Duration.ofSeconds(20)), "run/0");
  }

  @Test
  void the_answer_comes_back_whole_and_the_key_goes_along() throws Exception {
    var reply = call("/echo");
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.body()).isEqualTo("POST {} run/0");
    assertThat(reply.headers()).containsEntry("x-two", "a");
  }

  @Test
  void of_many_small_answers_none_is_over_before_it_is_heard() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = Collections.nCopies(MANY, (Callable<Integer>) () -> call("/echo").status());
      for (var answer : threads.invokeAll(calls)) {
        assertThat(answer.get()).isEqualTo(201);
      }
    }
  }

  @Test
  void a_redirect_is_an_answer() throws Exception {
    assertThat(call("/moved").status()).isEqualTo(302);
  }

  @Test
  void an_answer_without_end_is_refused() {
    assertThatThrownBy(() -> call("/endless")).isInstanceOf(IOException.class)
        .hasMessageContaining("the answer is over");
  }

  @Test
  void who_does_not_answer_in_time_is_given_up_by_name() {
    assertThatThrownBy(() -> world.call(new Call("GET", url + "/silent", Map.of(), null, 0,
        Duration.ofMillis(200)), "k")).isInstanceOf(IOException.class).hasMessageContaining(url);
  }

  @Test
  void who_is_not_there_is_named() {
    var nobody = Call.get("http://nobody.invalid/");
    assertThatThrownBy(() -> world.call(nobody, "k")).isInstanceOf(IOException.class)
        .hasMessageContaining("nobody.invalid");
  }

  @Test
  void private_networks_are_refused_where_they_are_not_allowed() {
    assertThatThrownBy(() -> world(false).call(Call.get(url), "k"))
        .hasMessageContaining("PRIVATE_DESTINATIONS");
  }
}
