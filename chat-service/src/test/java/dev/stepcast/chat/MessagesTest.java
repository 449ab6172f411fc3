package dev.stepcast.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.schemas.ChatEvent;
import dev.stepcast.schemas.Wire;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said in a room, over HTTP. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class MessagesTest {
  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  @Nested
  class A_message {
    @Test
    void is_numbered_timed_and_told_as_it_was_answered() {
      var room = house.room();
      var visit = house.visit();
      var seat = visit.post("/api/rooms/" + room + "/join", "{\"alias\":\"Fox \\\"1\\\"\"}");
      var posted = visit.say(room, "hi / \"there\"\n\u2028 😀").expect(201);
      assertThat(posted.number("sequence")).isEqualTo(1);
      var told = house.channel(room).getLast();
      assertThat(told.event()).isEqualTo("chat.message");
      assertThat(Wire.decode(told.data(), ChatEvent.Message.class)).isEqualTo(
          new ChatEvent.Message(posted.text("id"), "hi / \"there\"\n\u2028 😀", room, null,
              seat.text("member"), null, "Fox \"1\"", 1, posted.number("timestamp")));
    }

    @Test
    void posted_again_under_the_same_client_id_is_one_message() {
      var room = house.room();
      var visit = house.member(room);
      var first = visit.post("/api/rooms/" + room + "/messages",
          "{\"text\":\"hi\",\"clientId\":\"c1\"}").expect(201);
      var again = visit.post("/api/rooms/" + room + "/messages",
          "{\"text\":\"hi\",\"clientId\":\"c1\"}").expect(201);
      assertThat(again.json()).isEqualTo(first.json());
      assertThat(house.channel(room)).hasSize(2);
    }

    @Test
    void of_another_member_may_have_the_same_client_id() {
      var room = house.room();
      var body = "{\"text\":\"hi\",\"clientId\":\"c1\"}";
      house.member(room).post("/api/rooms/" + room + "/messages", body).expect(201);
      assertThat(house.member(room).post("/api/rooms/" + room + "/messages", body).expect(201)
          .number("sequence")).isEqualTo(2);
    }

    @Test
    void carries_the_member_whatever_name_it_is_sent_under() {
      var room = house.room();
      var visit = house.visit();
      var seat = visit.post("/api/rooms/" + room + "/join", "{}");
      visit.post("/api/messages?roomId=" + room, "{\"sender\":\"wolf-1\",\"text\":\"hi\"}")
          .expect(201);
      var told = new JsonObject(house.channel(room).getLast().data());
      assertThat(told.getString("sender")).isEqualTo("wolf-1");
      assertThat(told.getString("member")).isEqualTo(seat.text("member"));
    }

    @Test
    void cannot_be_sent_under_the_name_of_somebody_else() {
      var room = house.room();
      house.visit().post("/api/rooms/" + room + "/join", "{\"alias\":\"Fox\"}").expect(200);
      house.member(room).post("/api/rooms/" + room + "/messages",
          "{\"sender\":\"FOX\",\"text\":\"hi\"}").expect(409, "alias-taken");
    }

    @Test
    void that_is_longer_than_4_kib_is_refused_without_a_trace() {
      var room = house.room();
      var visit = house.member(room);
      visit.say(room, "ä".repeat(2_048)).expect(201);
      visit.say(room, "ä".repeat(2_049)).expect(413, "message-too-long");
      visit.say(room, "x".repeat(4_097)).expect(422, "invalid");
      visit.say(room, "x".repeat(40_000)).expect(413, "payload-too-large");
      assertThat(house.channel(room)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\\n\\t", "\\u200b\\u200e", "\\u0007", "\\u3164", "\\ufe0f",
        "\\u034f"})
    void that_nobody_could_see_is_refused(String escaped) {
      var room = house.room();
      assertThat(house.member(room).post("/api/rooms/" + room + "/messages",
          "{\"text\":\"" + escaped + "\"}").expect(422, "invalid").text("pointer"))
          .isEqualTo("/text");
    }

    @Test
    void may_be_of_astral_characters_as_long_as_they_fit() {
      var room = house.room();
      var visit = house.member(room);
      var path = "/api/rooms/" + room + "/messages";
      for (var member : List.of("sender", "clientId")) {
        visit.post(path, "{\"text\":\"hi\",\"" + member + "\":\"" + "😀".repeat(50) + "\"}")
            .expect(201);
        assertThat(visit.post(path, "{\"text\":\"hi\",\"" + member + "\":\""
            + "😀".repeat(51) + "\"}").expect(422, "invalid").text("pointer"))
            .isEqualTo("/" + member);
      }
      assertThat(visit.get(path).expect(200).json().getJsonArray("messages")).hasSize(2);
    }

    @Test
    void comes_out_in_one_form() {
      var room = house.room();
      house.member(room).post("/api/rooms/" + room + "/messages",
          "{\"text\":\"a\\u0308\\r\\nb\\u0007c\\ud800\"}").expect(201);
      assertThat(new JsonObject(house.channel(room).getLast().data()).getString("text"))
          .isEqualTo("ä\nbc\ufffd");
    }
  }

  @Nested
  class The_history {
    @Test
    void comes_in_pages_both_ways() {
      var room = house.room();
      var visit = house.member(room);
      IntStream.rangeClosed(1, 7).forEach(i -> visit.say(room, "m" + i).expect(201));
      assertThat(pages(visit, room, "after", 3))
          .containsExactly(List.of(1, 2, 3), List.of(4, 5, 6), List.of(7));
      assertThat(pages(visit, room, "before", 3))
          .containsExactly(List.of(5, 6, 7), List.of(2, 3, 4), List.of(1));
    }

    @Test
    void is_whole_in_its_old_form() {
      var room = house.room();
      var visit = house.member(room);
      IntStream.range(0, 60).forEach(i -> visit.say(room, "m" + i).expect(201));
      assertThat(visit.get("/api/messages?roomId=" + room).json().getJsonArray("messages"))
          .hasSize(60);
      assertThat(visit.get("/api/rooms/" + room + "/messages").json().getJsonArray("messages"))
          .hasSize(50);
    }

    @Test
    void is_for_members() {
      var room = house.room();
      house.member(room).say(room, "secret");
      house.visit().get("/api/rooms/" + room + "/messages").expect(401, "seat-required");
      house.visit().get("/api/messages?roomId=" + room).expect(401, "seat-required");
      house.member(house.room()).get("/api/messages?roomId=" + room).expect(401);
    }

    @ParameterizedTest
    @CsvSource({"limit=0", "limit=201", "limit=x", "after=1", "before=x", "after=1-0&before=2-0",
        "after=end"})
    void wants_a_query_it_understands(String query) {
      var room = house.room();
      house.member(room).get("/api/rooms/" + room + "/messages?" + query)
          .expect(400, "bad-parameter");
    }

    private List<List<Integer>> pages(Visit visit, String room, String way, int limit) {
      var pages = new ArrayList<List<Integer>>();
      var cursor = way.equals("after") ? "0-0" : "end";
      while (cursor != null) {
        var page = visit.get("/api/rooms/" + room + "/messages?limit=" + limit + "&" + way + "="
            + cursor).expect(200).json();
        pages.add(page.getJsonArray("messages").stream()
            .map(message -> ((JsonObject) message).getInteger("sequence")).toList());
        cursor = page.getString("cursor");
      }
      return pages;
    }
  }

  @Test
  void what_is_told_fits_its_schema() {
    var room = house.room();
    var visit = house.member(room);
    visit.say(room, "hi");
    visit.post("/api/rooms/" + room + "/leave", "");
    house.member(room).delete("/api/rooms/" + room).expect(204);
    house.expectSchemas(room);
  }
}
