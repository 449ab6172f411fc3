package dev.stepcast.chat.room;

import dev.stepcast.schemas.RoomMember;
import dev.stepcast.schemas.RoomView;
import io.vertx.redis.client.Response;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  /** What {@code asking} may see at {@code now}. */
  RoomView view(long now, String asking) {
    boolean in = facts.containsKey("alias:" + asking);
    return new RoomView(room, number("expiresAt"), now, (int) number("seats"),
        (int) number("taken"), number("locked") == 1, facts.containsKey("passcode"),
        number("encrypted") == 1, facts.get("name"), in ? asking : null,
        in ? number("sequence") : null, in ? members() : null);
  }

  private List<RoomMember> members() {
    return facts.keySet().stream().filter(fact -> fact.startsWith("alias:"))
        .map(fact -> fact.substring("alias:".length()))
        .sorted(Comparator.<String>comparingLong(member -> number("joined:" + member))
            .thenComparing(Comparator.naturalOrder()))
        .map(member -> new RoomMember(member, facts.getOrDefault("alias:" + member, ""),
            member.equals(facts.get("owner")), !facts.containsKey("away:" + member),
            number("read:" + member)))
        .toList();
  }

  private long number(String fact) {
    return Long.parseLong(facts.getOrDefault(fact, "0"));
  }
}
