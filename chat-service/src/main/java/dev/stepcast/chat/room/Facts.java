package dev.stepcast.chat.room;

import dev.stepcast.schemas.RoomMember;
import dev.stepcast.schemas.RoomView;
import io.vertx.redis.client.Response;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The hash of a room, read. */
final class Facts {
  private final String room;
  private final Map<String, String> facts = new HashMap<>();

  Facts(String room, Response flat) {
    this.room = room;
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      facts.put(flat.get(i).toString(), flat.get(i + 1).toString());
    }
  }

  /**
   * When the facts were read, and what else was known then.
   *
   * @param present members with a live connection
   * @param awayMs  silence after which one without counts as away
   */
  record Look(long now, Set<String> present, long awayMs) {}

  /** What {@code asking} may see. */
  RoomView view(Look look, String asking) {
    boolean in = facts.containsKey("alias:" + asking);
    return new RoomView(room, number("expiresAt"), look.now, (int) number("seats"),
        (int) number("taken"), number("locked") == 1, facts.containsKey("passcode"),
        number("encrypted") == 1, facts.get("name"), in ? asking : null,
        in ? number("sequence") : null, in ? members(look) : null);
  }

  private List<RoomMember> members(Look look) {
    return facts.keySet().stream().filter(fact -> fact.startsWith("alias:"))
        .map(fact -> fact.substring("alias:".length()))
        .sorted(Comparator.<String>comparingLong(member -> number("joined:" + member))
            .thenComparing(Comparator.naturalOrder()))
        .map(member -> new RoomMember(member, facts.getOrDefault("alias:" + member, ""),
            member.equals(facts.get("owner")), here(look, member),
            number("read:" + member)))
        .toList();
  }

  /** Who said goodbye is away; else who listens, or was heard of just now, is here. */
  private boolean here(Look look, String member) {
    return !facts.containsKey("away:" + member) && (look.present.contains(member)
        || look.now - number("seen:" + member) < look.awayMs);
  }

  private long number(String fact) {
    return Long.parseLong(facts.getOrDefault(fact, "0"));
  }
}
