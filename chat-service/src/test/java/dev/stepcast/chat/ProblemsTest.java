package dev.stepcast.chat;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.FaultProxy;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input and bad days, each with its problem. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProblemsTest {
  private static final String NEVER = "room_00000000000000000000000000";

  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {NEVER, "room_x", "x", "room_%7B7%7D", "%00", "room_..%2f..", "room_*",
      "room_0000000000000000000000000A"})
  void a_room_that_never_was(String room) {
    house.visit().get("/api/rooms/" + room).expect(404, "room-unknown");
    house.visit().post("/api/rooms/" + room + "/join", "{}").expect(404, "room-unknown");
    house.visit().say(room, "hi").expect(404, "room-unknown");
    house.visit().get("/api/rooms/" + room + "/messages").expect(404, "room-unknown");
    house.visit().delete("/api/rooms/" + room).expect(404, "room-unknown");
    house.visit().post("/api/rooms/" + room + "/leave", "").expect(404, "room-unknown");
  }

  @Test
  void the_old_form_needs_a_room() {
    house.visit().post("/api/messages", "{\"text\":\"hi\"}").expect(400, "bad-parameter");
    house.visit().get("/api/messages").expect(400, "bad-parameter");
  }

  @ParameterizedTest
  @CsvSource({"'{', not-json, 400, ''", "'', body-missing, 400, ''",
      "'{\"text\":1}', invalid, 422, /text",
      "'{}', invalid, 422, ''", "'{\"text\":\"hi\",\"txt\":1}', invalid, 422, /txt",
      "'{\"text\":\"hi\",\"sender\":\"\"}', invalid, 422, /sender",
      "'{\"text\":\"hi\",\"sender\":\"a\\u0000b\"}', invalid, 422, /sender",
      "'{\"text\":\"hi\",\"sender\":\"\\u200b\"}', invalid, 422, /sender"})
  void a_body_that_does_not_fit(String body, String kind, int status, String pointer) {
    var room = house.room();
    var reply = house.member(room).post("/api/rooms/" + room + "/messages", body);
    reply.expect(status, kind);
    assertThat(reply.json().getString("pointer", "")).isEqualTo(pointer);
  }

  @Test
  void a_body_of_another_kind() {
    var room = house.room();
    for (var type : new String[]{"text/plain", "application/x-www-form-urlencoded", "x"}) {
      House.get(house.member(room).send(HttpMethod.POST, "/api/rooms/" + room + "/messages",
          "{\"text\":\"hi\"}", Map.of("Content-Type", type))).expect(415, "media-type");
      house.visit().post("/api/rooms/" + room + "/leave", "");
      room = house.room();
    }
  }

  @Test
  void a_body_that_is_too_large() {
    house.visit().post("/api/rooms", "{\"ttlMs\":60000" + " ".repeat(5_000) + "}")
        .expect(413, "payload-too-large");
  }

  @Test
  void no_answer_repeats_what_was_sent() {
    var room = house.room();
    var member = house.member(room);
    var path = "/api/rooms/" + room + "/messages";
    for (var body : new String[]{"{\"text\":\"hunter2", "{\"text\":{\"a\":\"hunter2\"}}",
        "{\"text\":\"hi\",\"sender\":\"\\u0001hunter2\"}",
        "{\"text\":\"" + "hunter2".repeat(1_000) + "\"}", "[\"hunter2\"]"}) {
      assertThat(member.post(path, body).body()).doesNotContain("hunter2");
    }
    assertThat(member.get(path + "?limit=hunter2").expect(400).body()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource({"PUT, /api/rooms", "GET, /api/rooms", "PATCH, /api/messages",
      "POST, /api/rooms/" + NEVER})
  void a_method_that_the_path_does_not_take(String method, String path) {
    House.get(house.visit().send(HttpMethod.valueOf(method), path, null, Map.of()))
        .expect(405, "method-not-allowed");
  }

  @Test
  void a_forged_or_foreign_cookie_is_nobody() {
    var room = house.room();
    var member = house.member(room);
    var proof = member.cookies.get("sc_grant_" + room);
    member.cookies.put("sc_grant_" + room, proof + "x");
    member.say(room, "hi").expect(401, "seat-required");
    var other = house.room();
    member.cookies.put("sc_grant_" + other, String.valueOf(proof));
    member.say(other, "hi").expect(401, "seat-required");
  }

  @Test
  void a_page_of_another_origin_on_loopback() {
    House.get(house.visit().send(HttpMethod.POST, "/api/rooms", "{}",
        Map.of("Origin", "https://evil.example"))).expect(403, "foreign-origin");
  }

  @Test
  void opening_rooms_may_need_the_token() {
    var strict = House.open(new ChatConfig(Duration.ofMinutes(1), 4, true,
        Duration.ofMinutes(5), ChatConfig.Rates.NONE, Duration.ofSeconds(40),
        Duration.ofMinutes(1)));
    strict.visit().post("/api/rooms", "{}").expect(201); // no API_TOKEN: loopback is trusted
    strict.visit().post("/api/rooms", "{\"seats\":5}").expect(422, "invalid");
    strict.close();
  }

  @Test
  void redis_away_is_503_and_over_when_it_is_back() {
    var vertx = io.vertx.core.Vertx.vertx();
    var redis = URI.create(TestRedis.url());
    var proxy = House.get(FaultProxy.start(vertx, redis.getPort()));
    var fragile = House.on("redis://127.0.0.1:" + proxy.port());
    var room = fragile.room();
    var member = fragile.member(room);
    proxy.refuse(true);
    proxy.cutAll();
    await().atMost(30, SECONDS).until(() -> !fragile.platform.redis().up());
    var refused = member.say(room, "hi").expect(503, "redis-unavailable");
    assertThat(Integer.parseInt(refused.headers().get("retry-after"))).isPositive();
    proxy.refuse(false);
    await().atMost(30, SECONDS).until(() -> fragile.platform.redis().up());
    member.say(room, "hi again").expect(201);
    fragile.close();
    House.get(proxy.close().eventually(vertx::close));
  }
}
