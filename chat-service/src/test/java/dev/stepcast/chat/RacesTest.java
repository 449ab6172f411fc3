package dev.stepcast.chat;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.chat.House.Heard;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Commands that race, through two replicas. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class RacesTest {
  private final House house = House.open();
  private final House replica = House.beside(house, House.LONG);

  @AfterAll
  void close() {
    replica.close();
    house.close();
  }

  @Test
  void fifty_join_a_hundred_rooms_of_two_and_two_sit_in_each() {
    var rooms = IntStream.range(0, 100).mapToObj(_ -> house.room()).toList();
    var joins = new ArrayList<Map.Entry<String, Future<Visit.Reply>>>();
    for (int i = 0; i < 50; i++) {
      for (var room : rooms) {
        joins.add(Map.entry(room, at(i).posting("/api/rooms/" + room + "/join", "{}")));
      }
    }
    var seated = new ArrayList<String>();
    for (var join : joins) {
      var reply = House.get(join.getValue());
      if (reply.status() == 200) {
        seated.add(join.getKey());
      } else {
        reply.expect(409, "room-full");
      }
    }
    assertThat(rooms).allSatisfy(room -> {
      assertThat(Collections.frequency(seated, room)).isEqualTo(2);
      assertThat(house.channel(room)).extracting(heard -> new JsonObject(heard.data())
          .getInteger("seats")).containsExactly(1, 2);
    });
  }

  @Test
  void a_seat_proven_by_a_cookie_always_works() {
    for (int i = 0; i < 20; i++) {
      var room = house.room();
      var visits = IntStream.range(0, 4).mapToObj(this::at).toList();
      var joins = visits.stream().map(visit -> visit.posting("/api/rooms/" + room + "/join", "{}"))
          .toList();
      joins.forEach(House::get);
      assertThat(visits.stream().filter(visit -> !visit.cookies.isEmpty())).hasSize(2)
          .allSatisfy(visit -> visit.say(room, "hi").expect(201));
    }
  }

  @Test
  void nobody_joins_or_posts_after_the_end() {
    for (int i = 0; i < 50; i++) {
      var room = house.room(50);
      var owner = house.member(room);
      var racing = new ArrayList<Future<Visit.Reply>>();
      for (int j = 0; j < 6; j++) {
        racing.add(at(j).posting("/api/rooms/" + room + "/join", "{}"));
        racing.add(owner.posting("/api/rooms/" + room + "/messages", "{\"text\":\"hi\"}"));
      }
      racing.add(owner.send(HttpMethod.DELETE, "/api/rooms/" + room, null, Map.of()));
      racing.forEach(reply -> assertThat(House.get(reply).status()).isIn(200, 201, 204, 410));
      assertThat(house.channel(room)).containsExactly(
          new Heard("chat.destroy", "{\"isDestroyed\":true,\"reason\":\"destroyed\"}"));
      house.visit().get("/api/rooms/" + room).expect(410, "room-gone");
    }
  }

  @Test
  void nobody_joins_or_posts_after_the_deadline() {
    var brief = House.open(House.config(Duration.ofMillis(1_200), Duration.ofMinutes(10)));
    var rooms = IntStream.range(0, 10).mapToObj(_ -> brief.room(50)).toList();
    for (var room : rooms) {
      var member = brief.visit();
      member.post("/api/rooms/" + room + "/join", "{}");
      int status;
      do {
        var joined = brief.visit().posting("/api/rooms/" + room + "/join", "{}");
        var said = member.posting("/api/rooms/" + room + "/messages", "{\"text\":\"secret\"}");
        status = Math.max(House.get(joined).status(), House.get(said).status());
        assertThat(status).isIn(201, 409, 410);
      } while (status != 410);
    }
    rooms.forEach(room -> await().atMost(30, SECONDS).until(() -> brief.channel(room)
        .equals(List.of(new Heard("chat.destroy",
            "{\"isDestroyed\":true,\"reason\":\"expired\"}")))));
    assertThat(brief.dump()).noneMatch(line -> line.contains("secret") || line.contains("alias"));
    brief.close();
  }

  @Test
  void of_several_who_destroy_one_does() {
    var room = house.room();
    var member = house.member(room);
    var destroys = IntStream.range(0, 10)
        .mapToObj(_ -> member.send(HttpMethod.DELETE, "/api/rooms/" + room, null, Map.of()))
        .map(House::get).map(Visit.Reply::status).toList();
    assertThat(Collections.frequency(destroys, 204)).isEqualTo(1);
    assertThat(house.channel(room)).hasSize(1);
  }

  @Test
  void the_same_message_sent_many_times_at_once_is_one() {
    var room = house.room();
    var member = house.member(room);
    var posts = IntStream.range(0, 40).mapToObj(_ -> member.posting("/api/rooms/" + room
        + "/messages", "{\"text\":\"hi\",\"clientId\":\"c1\"}")).toList();
    assertThat(posts.stream().map(House::get).map(Visit.Reply::json).distinct()).hasSize(1);
    assertThat(house.channel(room)).extracting(Heard::event)
        .containsExactly("chat.join", "chat.message");
  }

  @Test
  void twenty_writers_are_heard_in_one_order_without_gaps() {
    var room = house.room(50);
    var posts = new ArrayList<Future<Visit.Reply>>();
    var members = IntStream.range(0, 20).mapToObj(i -> join(at(i), room)).toList();
    for (int i = 0; i < 10; i++) {
      for (var member : members) {
        posts.add(member.posting("/api/rooms/" + room + "/messages", "{\"text\":\"" + i + "\"}"));
      }
    }
    assertThat(posts.stream().map(House::get).map(reply -> reply.expect(201).number("sequence")))
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 200).boxed().toList());
    assertThat(sequences(room)).isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
    assertThat(members).allSatisfy(member -> assertThat(history(member, room))
        .isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList()));
  }

  private List<Long> sequences(String room) {
    return house.channel(room).stream().filter(heard -> heard.event().equals("chat.message"))
        .map(heard -> new JsonObject(heard.data()).getLong("sequence")).toList();
  }

  private static List<Long> history(Visit member, String room) {
    return member.get("/api/rooms/" + room + "/messages?limit=200").json()
        .getJsonArray("messages").stream()
        .map(message -> ((JsonObject) message).getLong("sequence")).toList();
  }

  private static Visit join(Visit visit, String room) {
    visit.post("/api/rooms/" + room + "/join", "{}").expect(200);
    return visit;
  }

  private Visit at(int i) {
    return i % 2 == 0 ? house.visit() : replica.visit();
  }
}
