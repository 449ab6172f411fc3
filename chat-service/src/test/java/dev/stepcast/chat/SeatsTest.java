package dev.stepcast.chat;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.revocation.Revocations;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Who sits in a room, who may do what, who is here. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SeatsTest {
  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  @Nested
  class The_owner {
    @Test
    void kicks_and_the_kicked_are_out_at_once_and_cannot_listen() {
      var room = house.room();
      var owner = house.member(room);
      var other = house.member(room);
      var victim = self(other, room);
      var heard = house.listen(room);
      owner.delete("/api/rooms/" + room + "/members/" + victim).expect(204);
      other.say(room, "still here?").expect(401, "seat-required");
      assertThat(revoked(room)).containsExactly(victim);
      await().atMost(20, SECONDS).until(() -> heard.contains("- " + victim));
      var left = new JsonObject(house.channel(room).getLast().data());
      assertThat(left.getString("reason")).isEqualTo("kicked");
      assertThat(left.getInteger("seats")).isEqualTo(1);
      house.member(room);
    }

    @Test
    void alone_may_kick_and_lock() {
      var room = house.room();
      var owner = house.member(room);
      var other = house.member(room);
      other.delete("/api/rooms/" + room + "/members/" + self(owner, room))
          .expect(403, "not-owner");
      other.post("/api/rooms/" + room + "/lock", "{\"locked\":true}").expect(403, "not-owner");
      house.visit().post("/api/rooms/" + room + "/lock", "{\"locked\":true}")
          .expect(401, "seat-required");
      owner.delete("/api/rooms/" + room + "/members/mem_x").expect(404, "member-unknown");
    }

    @Test
    void locks_and_unlocks() {
      var room = house.room(3);
      var owner = house.member(room);
      owner.post("/api/rooms/" + room + "/lock", "{\"locked\":true}").expect(204);
      owner.post("/api/rooms/" + room + "/lock", "{\"locked\":true}").expect(204);
      house.visit().post("/api/rooms/" + room + "/join", "{}").expect(409, "room-locked");
      owner.post("/api/rooms/" + room + "/join", "{}").expect(200);
      assertThat(house.visit().get("/api/rooms/" + room).json().getBoolean("locked")).isTrue();
      owner.post("/api/rooms/" + room + "/lock", "{\"locked\":false}").expect(204);
      house.member(room);
      assertThat(house.channel(room)).extracting(House.Heard::event)
          .containsExactly("chat.join", "chat.lock", "chat.lock", "chat.join");
    }

    @Test
    void who_leaves_hands_the_room_on() {
      var room = house.room(3);
      var first = house.member(room);
      var second = house.member(room);
      first.post("/api/rooms/" + room + "/leave", "").expect(204);
      second.post("/api/rooms/" + room + "/lock", "{\"locked\":true}").expect(204);
      second.post("/api/rooms/" + room + "/lock", "{\"locked\":false}").expect(204);
      second.post("/api/rooms/" + room + "/leave", "").expect(204);
      assertThat(house.visit().post("/api/rooms/" + room + "/join", "{}").json()
          .getBoolean("owner")).isTrue();
    }
  }

  @Nested
  class Who_leaves {
    @Test
    void can_no_longer_listen_but_may_join_anew() {
      var room = house.room();
      var visit = house.member(room);
      var before = self(visit, room);
      visit.post("/api/rooms/" + room + "/leave", "").expect(204);
      assertThat(revoked(room)).containsExactly(before);
      visit.post("/api/rooms/" + room + "/join", "{}").expect(200);
      assertThat(revoked(room)).doesNotContain(self(visit, room));
    }
  }

  @Test
  void the_end_closes_every_listener_after_it_was_told() {
    var room = house.room();
    var visit = house.member(room);
    var heard = house.listen(room);
    visit.delete("/api/rooms/" + room).expect(204);
    await().atMost(20, SECONDS).until(() -> heard.size() == 2);
    assertThat(heard.getFirst()).contains(" chat.destroy ");
    assertThat(Revocations.rung(heard.getLast())).contains(Revocations.EVERYBODY);
    assertThat(revoked(room)).isEmpty();
  }

  @Test
  void typing_is_heard_and_not_kept() {
    var room = house.room();
    var visit = house.member(room);
    var me = self(visit, room);
    var heard = house.listen(room);
    visit.post("/api/rooms/" + room + "/typing", "{}").expect(204);
    visit.post("/api/rooms/" + room + "/typing", "{\"typing\":false}").expect(204);
    house.visit().post("/api/rooms/" + room + "/typing", "{}").expect(401, "seat-required");
    await().atMost(20, SECONDS).until(() -> heard.size() == 2);
    assertThat(heard).containsExactly(
        "! chat.typing {\"member\":\"" + me + "\",\"typing\":true}",
        "! chat.typing {\"member\":\"" + me + "\",\"typing\":false}");
    assertThat(house.channel(room)).hasSize(1);
  }

  @Test
  void reading_is_noted_told_once_and_never_goes_back() {
    var room = house.room();
    var visit = house.member(room);
    var me = self(visit, room);
    visit.say(room, "1");
    visit.say(room, "2");
    var heard = house.listen(room);
    for (var mark : new int[]{1, 9, 1, 2}) {
      visit.post("/api/rooms/" + room + "/read", "{\"sequence\":" + mark + "}").expect(204);
    }
    house.visit().post("/api/rooms/" + room + "/read", "{\"sequence\":1}").expect(401);
    await().atMost(20, SECONDS).until(() -> heard.size() == 2);
    assertThat(heard).containsExactly(
        "! chat.read {\"member\":\"" + me + "\",\"sequence\":1}",
        "! chat.read {\"member\":\"" + me + "\",\"sequence\":2}");
    assertThat(member(visit, room, me).getLong("read")).isEqualTo(2);
  }

  @Nested
  class A_silent_member {
    @Test
    void is_away_first_and_out_in_the_end() {
      var strict = House.open(House.impatient(Duration.ofMillis(300), Duration.ofMillis(3_000)));
      var replica = House.beside(strict,
          House.impatient(Duration.ofMillis(300), Duration.ofMillis(3_000)));
      var room = strict.room();
      var visit = strict.member(room);
      strict.member(room);
      var me = self(visit, room);
      var heard = strict.listen(room);
      visit.post("/api/rooms/" + room + "/here", "{}").expect(200);
      await().atMost(20, SECONDS).until(() -> heard.contains(presence(me, false)));
      await().atMost(20, SECONDS).until(() -> left(strict, room, me).equals("silent"));
      visit.say(room, "back").expect(401, "seat-required");
      strict.member(room);
      replica.close();
      strict.close();
    }

    @Test
    void who_comes_back_in_time_is_here_again() {
      var strict = House.open(House.impatient(Duration.ofMillis(300), Duration.ofMinutes(5)));
      var room = strict.room();
      var visit = strict.member(room);
      var me = self(visit, room);
      var heard = strict.listen(room);
      visit.post("/api/rooms/" + room + "/here", "{}").expect(200);
      await().atMost(20, SECONDS).until(() -> heard.size() == 1);
      assertThat(member(visit, room, me).getBoolean("here")).isFalse();
      var seen = visit.post("/api/rooms/" + room + "/here", "{}").expect(200).json();
      assertThat(seen.getString("member")).isEqualTo(me);
      assertThat(seen.getLong("now")).isLessThan(seen.getLong("expiresAt"));
      visit.post("/api/rooms/" + room + "/here", "{\"here\":false}").expect(200);
      await().atMost(20, SECONDS).until(() -> heard.size() == 3);
      assertThat(heard).containsExactly(presence(me, false), presence(me, true),
          presence(me, false));
      strict.close();
    }

    @Test
    void who_joined_and_was_never_heard_of_again_is_out_as_well() {
      var strict = House.open(House.impatient(Duration.ofMillis(100), Duration.ofMillis(2_000)));
      var room = strict.room();
      var quiet = strict.member(room);
      var me = self(quiet, room);
      await().atMost(20, SECONDS).until(() -> left(strict, room, me).equals("silent"));
      quiet.say(room, "hello?").expect(401, "seat-required");
      strict.close();
    }

    /** As realtime-service tells of its connections, on whatever node they are. */
    @Test
    void who_has_a_live_connection_is_here_and_stays() {
      var strict = House.open(House.impatient(Duration.ofMillis(100), Duration.ofMillis(2_000)));
      var room = strict.room();
      var visit = strict.member(room);
      var me = self(visit, room);
      var present = strict.platform.keys().slot(room).key("members", room);
      House.get(strict.platform.redis().send(present,
          Request.cmd(Command.HSET).arg(present).arg(me).arg("1795282857697 1")));
      var other = strict.member(room);
      var them = self(other, room);
      await().atMost(20, SECONDS).until(() -> left(strict, room, them).equals("silent"));
      assertThat(member(visit, room, me).getBoolean("here")).isTrue();
      House.get(strict.platform.redis().send(present,
          Request.cmd(Command.DEL).arg(present)));
      await().atMost(20, SECONDS).until(() -> left(strict, room, me).equals("silent"));
      strict.close();
    }

    private String left(House where, String room, String member) {
      return where.channel(room).stream().filter(heard -> heard.event().equals("chat.leave"))
          .map(heard -> new JsonObject(heard.data()))
          .filter(left -> left.getString("member").equals(member))
          .map(left -> left.getString("reason")).findFirst().orElse("");
    }

    private String presence(String member, boolean here) {
      return "! chat.presence {\"member\":\"" + member + "\",\"here\":" + here + "}";
    }
  }

  private List<String> revoked(String room) {
    return List.copyOf(House.get(new Revocations(house.platform.redis(), house.platform.keys())
        .of(new ChannelName(room))));
  }

  private static String self(Visit visit, String room) {
    return visit.get("/api/rooms/" + room).expect(200).text("member");
  }

  private static JsonObject member(Visit visit, String room, String member) {
    return visit.get("/api/rooms/" + room).json().getJsonArray("members").stream()
        .map(JsonObject.class::cast).filter(one -> one.getString("member").equals(member))
        .findFirst().orElseThrow();
  }
}
