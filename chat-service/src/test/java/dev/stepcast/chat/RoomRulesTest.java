package dev.stepcast.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.chat.Room.Deed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever people do in whatever order: the service answers and tells what the rules say. */
class RoomRulesTest {
  private static final int PEOPLE = 4;
  private static final int SEATS = 3;
  private static final String NO_MESSAGE = "msg_00000000000000000000000000";
  private static final House HOUSE = House.open();

  @AfterContainer
  static void close() {
    HOUSE.close();
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void the_service_keeps_the_rules(@ForAll("days") List<Deed> day) {
    new Trial().run(day);
  }

  @Provide
  Arbitrary<List<Deed>> days() {
    var who = Arbitraries.integers().between(0, PEOPLE - 1);
    var number = Arbitraries.integers().between(1, 6);
    return Arbitraries.frequencyOf(
        Tuple.of(6, Combinators.combine(who, Arbitraries.of("fox", "wolf", "owl", "hare"))
            .as(Deed.Join::new)),
        Tuple.of(2, who.map(Deed.Leave::new)),
        Tuple.of(2, Combinators.combine(who, who).as(Deed.Kick::new)),
        Tuple.of(1, Combinators.combine(who, Arbitraries.of(true, false)).as(Deed.Lock::new)),
        Tuple.of(6, Combinators.combine(who, Arbitraries.of("c1", "c2").injectNull(0.5))
            .as(Deed.Post::new)),
        Tuple.of(2, Combinators.combine(who, number).as(Deed.Edit::new)),
        Tuple.of(2, Combinators.combine(who, number).as(Deed.Delete::new)),
        Tuple.of(1, Arbitraries.integers().between(0, 40).map(Deed.Destroy::new)
            .filter(destroy -> destroy.who() < PEOPLE)))
        .map(deed -> (Deed) deed).list().ofMinSize(5).ofMaxSize(40);
  }

  /** One room, its people, and the rules beside it. */
  private static final class Trial {
    private final Room rules = new Room(SEATS);
    private final String room = HOUSE.room(SEATS);
    private final List<Visit> people = IntStream.range(0, PEOPLE).mapToObj(_ -> HOUSE.visit())
        .toList();
    private final Map<Integer, String> members = new HashMap<>();
    private final Map<Integer, String> messages = new HashMap<>();

    void run(List<Deed> day) {
      for (var deed : day) {
        var expected = rules.does(deed);
        var reply = send(deed);
        var told = reply.status() < 300 ? "ok" : reply.text("kind");
        // Messages of a former seat: nobody's in the model, somebody else's for the service.
        assertThat(told).as(day + " at " + deed + ": " + reply.body()).isIn(
            expected.equals("message-not-mine") ? List.of("not-yours", "message-unknown")
                : List.of(expected));
        note(deed, reply);
      }
      compare();
    }

    private Visit.Reply send(Deed deed) {
      var visit = people.get(deed.who());
      var path = "/api/rooms/" + room;
      return switch (deed) {
        case Deed.Join(_, String alias) ->
          visit.post(path + "/join", "{\"alias\":\"" + alias + "\"}");
        case Deed.Leave _ -> visit.post(path + "/leave", "");
        case Deed.Kick(_, int whom) ->
          visit.delete(path + "/members/" + members.getOrDefault(whom, "mem_none"));
        case Deed.Lock(_, boolean locked) ->
          visit.post(path + "/lock", "{\"locked\":" + locked + "}");
        case Deed.Post(_, String clientId) -> visit.post(path + "/messages",
            new JsonObject().put("text", "hi")
                .put("clientId", clientId == null ? "" + members.size()
                    + System.nanoTime() : clientId)
                .encode());
        case Deed.Edit(_, int sequence) -> visit.patch(path + "/messages/"
            + messages.getOrDefault(sequence, NO_MESSAGE), "{\"text\":\"changed\"}");
        case Deed.Delete(_, int sequence) ->
          visit.delete(path + "/messages/" + messages.getOrDefault(sequence, NO_MESSAGE));
        case Deed.Destroy _ -> visit.delete(path);
      };
    }

    private void note(Deed deed, Visit.Reply reply) {
      if (deed instanceof Deed.Join(int who, _) && reply.status() == 200) {
        members.put(who, reply.text("member"));
      }
      if (deed instanceof Deed.Post && reply.status() == 201) {
        messages.put((int) reply.number("sequence"), reply.text("id"));
      }
    }

    private void compare() {
      var told = HOUSE.channel(room).stream().map(House.Heard::event).toList();
      // An edit or a delete takes the entry that it replaces out of the history.
      assertThat(told.stream().filter(event -> !event.matches("chat.(message|edit|delete)")))
          .containsExactlyElementsOf(rules.events.stream()
              .filter(event -> !event.matches("chat.(message|edit|delete)")).toList());
      if (rules.ended) {
        HOUSE.visit().get("/api/rooms/" + room).expect(410, "room-gone");
        return;
      }
      var seen = HOUSE.visit().get("/api/rooms/" + room).expect(200).json();
      assertThat(seen.getInteger("taken")).isEqualTo(rules.seats.size());
      assertThat(seen.getBoolean("locked")).isEqualTo(rules.locked);
      rules.seats.keySet().stream().findFirst().ifPresent(who -> compareInside(people.get(who)));
    }

    private void compareInside(Visit visit) {
      var seen = visit.get("/api/rooms/" + room).expect(200).json();
      assertThat(seen.getLong("sequence")).isEqualTo(rules.sequence);
      var aliases = new ArrayList<String>();
      var owners = new ArrayList<String>();
      for (var each : seen.getJsonArray("members", new JsonArray())) {
        var member = (JsonObject) each;
        aliases.add(member.getString("alias"));
        if (member.getBoolean("owner")) {
          owners.add(member.getString("alias"));
        }
      }
      assertThat(aliases).containsExactlyElementsOf(rules.seats.values());
      assertThat(owners).containsExactly(rules.seats.get(rules.owner));
    }
  }
}
