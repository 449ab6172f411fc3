package dev.stepcast.chat;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.chat.ChatConfig.Rates;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rooms with a name, a passcode, encryption; changed messages; limits. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChoicesTest {
  private static final String SEALED = "e1.1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA";

  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  @Test
  void a_name_is_shown_in_its_clean_form() {
    var room = house.visit().post("/api/rooms", "{\"name\":\" Our \\u202e plans \"}").expect(201)
        .text("roomId");
    assertThat(house.visit().get("/api/rooms/" + room).text("name")).isEqualTo("Our plans");
    assertThat(house.visit().post("/api/rooms", "{\"name\":\"\\u200b\"}").expect(422)
        .text("pointer")).isEqualTo("/name");
  }

  @Nested
  class A_passcode {
    private final String room = house.visit().post("/api/rooms", "{\"passcode\":\"Ärger!\"}")
        .text("roomId");

    @Test
    void lets_in_who_knows_it_however_it_is_typed() {
      assertThat(house.visit().get("/api/rooms/" + room).json().getBoolean("passcode")).isTrue();
      var visit = house.visit();
      visit.post("/api/rooms/" + room + "/join", "{\"passcode\":\"A\u0308rger!\"}").expect(200);
      visit.post("/api/rooms/" + room + "/join", "{}").expect(200);
      house.visit().post("/api/rooms/" + room + "/join", "{}").expect(401, "passcode-wrong");
      house.visit().post("/api/rooms/" + room + "/join", "{\"passcode\":\"arger!\"}")
          .expect(401, "passcode-wrong");
    }

    @Test
    void is_nowhere_to_be_read() {
      assertThat(house.visit().get("/api/rooms/" + room).body()).doesNotContain("pbkdf2", "rger");
      assertThat(house.dump()).noneMatch(line -> line.contains("rger!"));
    }

    @Test
    void can_be_guessed_only_so_often() {
      var strict = House.open(House.config(new Rates(0, 60, 0, 0, null)));
      var locked = strict.visit().post("/api/rooms", "{\"passcode\":\"open sesame\"}")
          .text("roomId");
      var tries = IntStream.range(0, 10).mapToObj(i -> strict.visit()
          .posting("/api/rooms/" + locked + "/join", "{\"passcode\":\"guess " + i + "\"}"))
          .toList();
      assertThat(tries.stream().map(House::get).map(Visit.Reply::status)).contains(401, 429)
          .doesNotContain(200);
      strict.close();
    }
  }

  @Nested
  class An_encrypted_room {
    private final String room = house.visit().post("/api/rooms", "{\"encrypted\":true}")
        .text("roomId");

    @Test
    void takes_encrypted_texts_only() {
      var visit = house.member(room);
      assertThat(visit.get("/api/rooms/" + room).json().getBoolean("encrypted")).isTrue();
      visit.say(room, "plain").expect(422, "not-encrypted");
      var posted = visit.say(room, SEALED).expect(201);
      visit.patch(message(room, posted), "{\"text\":\"plain\"}").expect(422, "not-encrypted");
      visit.patch(message(room, posted), "{\"text\":\"" + SEALED + "\"}").expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e1.0.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA",
        "e1.1.AAAA.AAAAAAAAAAAAAAAAAAAAAAAA", "e1.1.AAAAAAAAAAAAAAAA.AAAA",
        "e2.1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA", "e1.1.AAAAAAAAAAAAAAAA"})
    void knows_the_form_of_an_encrypted_text(String text) {
      var fresh = house.visit().post("/api/rooms", "{\"encrypted\":true}").text("roomId");
      house.member(fresh).say(fresh, text).expect(422, "not-encrypted");
    }
  }

  @Nested
  class A_changed_message {
    @Test
    void says_something_else_in_the_same_place() {
      var room = house.room();
      var visit = house.member(room);
      var first = visit.post("/api/rooms/" + room + "/messages",
          "{\"text\":\"wrnog\",\"clientId\":\"c1\"}").expect(201);
      visit.say(room, "second");
      var changed = visit.patch(message(room, first), "{\"text\":\"right\"}").expect(200);
      assertThat(changed.json()).isEqualTo(first.json());
      var kept = visit.get("/api/rooms/" + room + "/messages").json().getJsonArray("messages");
      assertThat(kept.stream().map(JsonObject.class::cast)
          .map(message -> message.getLong("sequence") + message.getString("text")))
          .containsExactlyInAnyOrder("1right", "2second");
      assertThat(kept.getJsonObject(1).getLong("editedAt")).isPositive();
      assertThat(kept.getJsonObject(1).getString("clientId")).isEqualTo("c1");
      assertThat(kept.getJsonObject(1).getLong("timestamp")).isEqualTo(first.number("timestamp"));
      assertThat(house.channel(room)).extracting(House.Heard::event)
          .containsExactly("chat.join", "chat.message", "chat.edit");
    }

    @Test
    void can_be_changed_again_and_taken_back() {
      var room = house.room();
      var visit = house.member(room);
      var posted = visit.say(room, "one");
      visit.patch(message(room, posted), "{\"text\":\"two\"}").expect(200);
      visit.patch(message(room, posted), "{\"text\":\"three\"}").expect(200);
      visit.delete(message(room, posted)).expect(204);
      visit.delete(message(room, posted)).expect(404, "message-unknown");
      visit.patch(message(room, posted), "{\"text\":\"four\"}").expect(404, "message-unknown");
      assertThat(visit.get("/api/rooms/" + room + "/messages").json().getJsonArray("messages"))
          .isEmpty();
      assertThat(house.channel(room)).extracting(House.Heard::event)
          .containsExactly("chat.join", "chat.delete");
      assertThat(visit.say(room, "next").expect(201).number("sequence")).isEqualTo(2);
    }

    @Test
    void is_its_authors_business_only() {
      var room = house.room();
      var posted = house.member(room).say(room, "mine");
      var other = house.member(room);
      other.patch(message(room, posted), "{\"text\":\"yours\"}").expect(403, "not-yours");
      other.delete(message(room, posted)).expect(403, "not-yours");
      house.visit().delete(message(room, posted)).expect(401, "seat-required");
      other.delete("/api/rooms/" + room + "/messages/%00").expect(404, "message-unknown");
      house.visit().delete("/api/rooms/%00/messages/x").expect(404, "room-unknown");
    }

    @Test
    void is_told_in_a_form_that_fits_its_schema() {
      var room = house.room();
      var visit = house.member(room);
      var posted = visit.say(room, "one");
      visit.patch(message(room, posted), "{\"text\":\"two\"}").expect(200);
      house.expectSchemas(room);
      visit.delete(message(room, posted)).expect(204);
      visit.post("/api/rooms/" + room + "/lock", "{\"locked\":true}").expect(204);
      house.expectSchemas(room);
    }
  }

  @Nested
  class Limits {
    @Test
    void hold_back_one_address_and_say_for_how_long() {
      var strict = House.open(House.config(new Rates(8, 8, 0, 0, "X-Real-IP")));
      assertThat(creates(strict, "192.0.2.1")).containsExactly(201, 201, 429, 429);
      assertThat(creates(strict, "192.0.2.2")).containsExactly(201, 201, 429, 429);
      assertThat(creates(strict, "2001:db8::1")).containsExactly(201, 201, 429, 429);
      assertThat(creates(strict, "10.0.0.1, 2001:db8::2")).containsExactly(429, 429, 429, 429);
      var refused = House.get(strict.visit().send(HttpMethod.POST, "/api/rooms", "{}",
          Map.of("X-Real-IP", "192.0.2.1"))).expect(429, "too-many-requests");
      assertThat(Integer.parseInt(refused.headers().get("retry-after"))).isBetween(1, 8);
      assertThat(strict.dump()).noneMatch(line -> line.contains("192.0.2"));
      strict.close();
    }

    @Test
    void hold_back_one_seat_and_not_its_neighbour() {
      var strict = House.open(House.config(new Rates(0, 0, 12, 0, null)));
      var room = strict.room();
      var loud = strict.member(room);
      assertThat(IntStream.range(0, 5).mapToObj(_ -> loud.say(room, "hi").status()))
          .containsExactly(201, 201, 201, 429, 429);
      assertThat(loud.post("/api/rooms/" + room + "/messages", "{\"text\":\"hi\"}").expect(429)
          .number("retryAfterMs")).isBetween(1L, 5_000L);
      strict.member(room).say(room, "hi").expect(201);
      strict.close();
    }

    @Test
    void do_not_count_a_message_sent_again() {
      var strict = House.open(House.config(new Rates(0, 0, 4, 0, null)));
      var room = strict.room();
      var visit = strict.member(room);
      var body = "{\"text\":\"hi\",\"clientId\":\"c1\"}";
      IntStream.range(0, 4).forEach(
          _ -> visit.post("/api/rooms/" + room + "/messages", body).expect(201));
      strict.close();
    }

    @Test
    void hold_for_each_thing_a_seat_does() {
      var strict = House.open(House.config(new Rates(0, 0, 4, 0, null)));
      var room = strict.room();
      var owner = strict.member(room);
      var at = "/api/rooms/" + room;
      var said = message(room, owner.say(room, "hi").expect(201));
      var other = strict.member(room).get(at).text("member");
      Map<String, Supplier<Visit.Reply>> things = Map.of(
          "edit", () -> owner.patch(said, "{\"text\":\"ho\"}"),
          "history", () -> owner.get(at + "/messages"),
          "typing", () -> owner.post(at + "/typing", "{}"),
          "read", () -> owner.post(at + "/read", "{\"sequence\":1}"),
          "here", () -> owner.post(at + "/here", "{}"),
          "lock", () -> owner.post(at + "/lock", "{\"locked\":true}"));
      things.forEach((thing, doing) -> {
        assertThat(doing.get().status()).as(thing).isIn(200, 204);
        assertThat(doing.get().expect(429, "too-many-requests").number("retryAfterMs")).as(thing)
            .isBetween(1L, 15_000L);
      });
      owner.say(room, "hi again").expect(429, "too-many-requests");
      owner.delete(said).expect(429, "too-many-requests");
      owner.delete(at + "/members/" + other).expect(429, "too-many-requests");
      strict.close();
    }

    @Test
    void hold_for_whatever_one_address_asks() {
      var strict = House.open(House.config(new Rates(0, 0, 0, 8, null)));
      var room = strict.room();
      assertThat(IntStream.range(0, 4).mapToObj(
          _ -> strict.visit().get("/api/rooms/" + room).status()))
          .containsExactly(200, 200, 429, 429);
      strict.close();
    }

    @Test
    void hold_for_what_one_address_posts_from_whatever_seat() {
      var strict = House.open(House.config(new Rates(0, 0, 0, 8, null)));
      var room = strict.room();
      var one = strict.member(room);
      var other = strict.member(room);
      assertThat(Stream.of(one, other, one, other).map(seat -> seat.say(room, "hi").status()))
          .containsExactly(201, 201, 429, 429);
      strict.close();
    }

    @Test
    void hold_for_a_room_however_many_seats_take_part() {
      // A seat has one at once and a room ten, for joins as for posts; the next comes in 3 s.
      var strict = House.open(House.config(new Rates(0, 0, 2, 0, null)));
      var room = strict.room(11);
      var seats = new ArrayList<>(Stream.generate(() -> strict.member(room)).limit(10).toList());
      var last = strict.visit();
      last.post("/api/rooms/" + room + "/join", "{}").expect(429, "too-many-requests");
      await().atMost(30, SECONDS).until(
          () -> last.post("/api/rooms/" + room + "/join", "{}").status() == 200);
      seats.add(last);
      var answers = seats.stream().map(seat -> seat.say(room, "hi").status()).toList();
      assertThat(answers).startsWith(201, 201, 201, 201, 201, 201, 201, 201, 201, 201)
          .endsWith(429);
      strict.close();
    }

    private java.util.List<Integer> creates(House strict, String address) {
      return IntStream.range(0, 4).mapToObj(_ -> House.get(strict.visit().send(HttpMethod.POST,
          "/api/rooms", "{}", Map.of("X-Real-IP", address))).status()).toList();
    }
  }

  private static String message(String room, Visit.Reply posted) {
    return "/api/rooms/" + room + "/messages/" + posted.text("id");
  }
}
