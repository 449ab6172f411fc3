package dev.stepcast.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A room's life, over HTTP. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class RoomsTest {
  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  @Nested
  class A_new_room {
    @Test
    void lives_ten_minutes_and_seats_two_unless_told_otherwise() {
      var made = house.visit().post("/api/rooms", "{}").expect(201);
      assertThat(made.text("roomId")).matches("room_[0-9a-z]{26}");
      assertThat(made.number("expiresAt") - made.number("now")).isEqualTo(600_000);
      var seen = house.visit().get("/api/rooms/" + made.text("roomId")).expect(200);
      assertThat(seen.number("seats")).isEqualTo(2);
      assertThat(seen.number("taken")).isZero();
      assertThat(seen.number("expiresAt")).isEqualTo(made.number("expiresAt"));
    }

    @Test
    void may_be_asked_for_with_no_body_at_all() {
      var made = House.get(house.visit().send(HttpMethod.POST, "/api/rooms", null, Map.of()));
      made.expect(201);
    }

    @Test
    void is_what_was_asked_for() {
      var made = house.visit().post("/api/rooms", "{\"ttlMs\":60000,\"seats\":7}").expect(201);
      assertThat(made.number("expiresAt") - made.number("now")).isEqualTo(60_000);
      assertThat(house.visit().get("/api/rooms/" + made.text("roomId")).number("seats"))
          .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"'{\"seats\":1}', /seats", "'{\"seats\":51}', /seats",
        "'{\"ttlMs\":59999}', /ttlMs",
        "'{\"ttlMs\":86400001}', /ttlMs", "'{\"ttl\":600}', /ttl"})
    void is_refused_where_it_does_not_fit(String body, String pointer) {
      assertThat(house.visit().post("/api/rooms", body).expect(422, "invalid").text("pointer"))
          .isEqualTo(pointer);
    }
  }

  @Nested
  class Joining {
    @Test
    void gives_a_seat_an_alias_and_a_cookie_for_this_room_only() {
      var room = house.room();
      var visit = house.visit();
      var joined = visit.post("/api/rooms/" + room + "/join", "{\"alias\":\"Fox\"}").expect(200);
      assertThat(joined.text("member")).matches("mem_[0-9a-z]{26}");
      assertThat(joined.text("alias")).isEqualTo("Fox");
      assertThat(joined.json().getBoolean("owner")).isTrue();
      assertThat(joined.headers().get("set-cookie")).startsWith("sc_grant_" + room + "=")
          .containsIgnoringCase("; HttpOnly").contains("SameSite=Lax").contains("Path=/api")
          .doesNotContain("Secure");
      visit.get("/api/rooms/" + house.room() + "/messages").expect(401, "seat-required");
    }

    @Test
    void draws_an_alias_for_who_has_none() {
      var room = house.room();
      var joined = house.visit().post("/api/rooms/" + room + "/join", "{}").expect(200);
      assertThat(joined.text("alias")).matches("[a-z]+-[a-z]+-\\d{4}");
    }

    @Test
    void again_keeps_the_seat() {
      var room = house.room();
      var visit = house.visit();
      var first = visit.post("/api/rooms/" + room + "/join", "{\"alias\":\"Fox\"}");
      var second = visit.post("/api/rooms/" + room + "/join", "{\"alias\":\"Wolf\"}").expect(200);
      assertThat(second.text("member")).isEqualTo(first.text("member"));
      assertThat(second.text("alias")).isEqualTo("Fox");
      assertThat(second.json().getBoolean("rejoined")).isTrue();
      assertThat(house.visit().get("/api/rooms/" + room).number("taken")).isEqualTo(1);
      assertThat(house.channel(room)).hasSize(1);
    }

    @Test
    void is_refused_when_every_seat_is_taken() {
      var room = house.room();
      house.member(room);
      var second = house.member(room);
      house.visit().post("/api/rooms/" + room + "/join", "{}").expect(409, "room-full");
      second.post("/api/rooms/" + room + "/join", "{}").expect(200);
    }

    @ParameterizedTest
    @CsvSource({"Fox, fox", "Fox, FOX", "Fox, 'F o x'", "Fox, Ｆｏｘ", "Ä, A\u0308"})
    void under_an_alias_that_looks_like_another_is_refused(String first, String second) {
      var room = house.room();
      join(room, first).expect(200);
      join(room, second).expect(409, "alias-taken");
    }

    @Test
    void by_a_link_preview_takes_no_seat() {
      var room = house.room();
      house.visit().get("/api/rooms/" + room).expect(200);
      house.visit().get("/api/rooms/" + room + "/join").expect(405, "method-not-allowed");
      assertThat(house.visit().get("/api/rooms/" + room).number("taken")).isZero();
    }

    @Test
    void another_room_keeps_the_seat_in_this_one() {
      var here = house.room();
      var there = house.room();
      var visit = house.member(here);
      visit.post("/api/rooms/" + there + "/join", "{}").expect(200);
      visit.say(here, "still in").expect(201);
      visit.say(there, "here too").expect(201);
    }

    private Visit.Reply join(String room, String alias) {
      return house.visit().post("/api/rooms/" + room + "/join",
          new io.vertx.core.json.JsonObject().put("alias", alias).encode());
    }
  }

  @Nested
  class Leaving {
    @Test
    void frees_the_seat_and_is_told() {
      var room = house.room();
      var visit = house.member(room);
      visit.post("/api/rooms/" + room + "/leave", "").expect(204);
      assertThat(visit.cookies).isEmpty();
      assertThat(house.visit().get("/api/rooms/" + room).number("taken")).isZero();
      assertThat(house.channel(room)).extracting(House.Heard::event)
          .containsExactly("chat.join", "chat.leave");
      house.member(room);
      house.member(room);
    }

    @Test
    void makes_the_old_cookie_worthless() {
      var room = house.room();
      var visit = house.member(room);
      var kept = Map.copyOf(visit.cookies);
      visit.post("/api/rooms/" + room + "/leave", "").expect(204);
      visit.cookies.putAll(kept);
      visit.say(room, "am I here?").expect(401, "seat-required");
      visit.get("/api/rooms/" + room + "/messages").expect(401, "seat-required");
    }
  }

  @Test
  void members_see_each_other_and_strangers_see_only_numbers() {
    var room = house.room();
    var visit = house.member(room);
    house.member(room);
    var seen = visit.get("/api/rooms/" + room).json();
    assertThat(seen.getJsonArray("members")).hasSize(2);
    assertThat(seen.getJsonArray("members").getJsonObject(0).getString("member"))
        .isEqualTo(seen.getString("member"));
    var stranger = house.visit().get("/api/rooms/" + room).json();
    assertThat(stranger.getJsonArray("members", new JsonArray())).isEmpty();
    assertThat(stranger.containsKey("member")).isFalse();
  }

  @Test
  void answers_are_not_for_caches_referrers_or_search_engines() {
    var room = house.room();
    for (var path : new String[]{"/api/rooms/" + room, "/api/rooms/" + room + "/messages",
        "/api/messages?roomId=" + room}) {
      var headers = house.visit().get(path).headers();
      assertThat(headers.get("cache-control")).isEqualTo("no-store");
      assertThat(headers.get("referrer-policy")).isEqualTo("no-referrer");
      assertThat(headers.get("x-robots-tag")).isEqualTo("noindex");
    }
  }
}
