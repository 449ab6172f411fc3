package dev.stepcast.chat;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.chat.House.Heard;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** How rooms end, and what is left of them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EndTest {
  private static final Heard DESTROYED = new Heard("chat.destroy",
      "{\"isDestroyed\":true,\"reason\":\"destroyed\"}");
  private static final Heard EXPIRED = new Heard("chat.destroy",
      "{\"isDestroyed\":true,\"reason\":\"expired\"}");

  @Test
  void a_destroyed_room_tells_only_that_and_says_gone_to_everybody() {
    var house = House.open();
    var room = house.room();
    var visit = house.member(room);
    visit.say(room, "secret").expect(201);
    visit.delete("/api/rooms/" + room).expect(204);
    assertThat(house.channel(room)).containsExactly(DESTROYED);
    assertThat(visit.get("/api/rooms/" + room).expect(410, "room-gone").text("reason"))
        .isEqualTo("destroyed");
    visit.say(room, "hello?").expect(410, "room-gone");
    visit.get("/api/rooms/" + room + "/messages").expect(410, "room-gone");
    visit.delete("/api/rooms/" + room).expect(410, "room-gone");
    visit.post("/api/rooms/" + room + "/leave", "").expect(410, "room-gone");
    house.visit().post("/api/rooms/" + room + "/join", "{}").expect(410, "room-gone");
    assertThat(house.channel(room)).containsExactly(DESTROYED);
    assertThat(String.join("\n", house.dump())).doesNotContain("secret");
    house.close();
  }

  @Test
  void only_members_destroy() {
    var house = House.open();
    var room = house.room();
    house.visit().delete("/api/rooms/" + room).expect(401, "seat-required");
    house.member(house.room()).delete("/api/rooms/" + room).expect(401, "seat-required");
    house.visit().get("/api/rooms/" + room).expect(200);
    house.close();
  }

  @Test
  void expiry_is_told_by_exactly_one_of_several_replicas() {
    var config = House.config(Duration.ofMillis(1_500), Duration.ofMinutes(10));
    var house = House.open(config);
    var others = List.of(House.beside(house, config), House.beside(house, config));
    var rooms = java.util.stream.IntStream.range(0, 20).mapToObj(_ -> house.room()).toList();
    rooms.forEach(room -> house.member(room).say(room, "secret"));
    rooms.forEach(room -> await().atMost(30, SECONDS)
        .until(() -> house.channel(room).equals(List.of(EXPIRED))));
    rooms.forEach(room -> assertThat(
        house.visit().get("/api/rooms/" + room).expect(410, "room-gone").text("reason"))
        .isEqualTo("expired"));
    assertThat(String.join("\n", house.dump())).doesNotContain("secret");
    others.forEach(House::close);
    rooms.forEach(room -> assertThat(house.channel(room)).containsExactly(EXPIRED));
    house.close();
  }

  @Test
  void nothing_is_left_when_the_tombstone_is_gone() {
    var config = House.config(Duration.ofMillis(1_500), Duration.ofMillis(500));
    var house = House.open(config);
    var destroyed = house.room();
    var visit = house.member(destroyed);
    visit.say(destroyed, "secret");
    visit.delete("/api/rooms/" + destroyed);
    var expired = house.room();
    house.member(expired).say(expired, "secret");
    house.room();
    await().atMost(30, SECONDS).until(() -> house.dump().isEmpty());
    visit.get("/api/rooms/" + destroyed).expect(404, "room-unknown");
    house.visit().post("/api/rooms/" + expired + "/join", "{}").expect(404, "room-unknown");
    assertThat(house.dump()).isEmpty();
    house.close();
  }

  @Test
  void without_any_replica_redis_itself_forgets_what_was_said() {
    var config = House.config(Duration.ofSeconds(1), Duration.ofSeconds(1));
    var house = House.open(config);
    var room = house.room();
    house.member(room).say(room, "secret");
    assertThat(house.dump()).isNotEmpty();
    var after = House.beside(house, House.LONG);
    house.close();
    await().atMost(30, SECONDS).until(
        () -> after.dump().stream().noneMatch(line -> line.contains("secret")));
    after.close();
  }
}
