package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 200 of GET /api/rooms/{id} and of POST /api/rooms/{id}/here.
 *
 * <p>Wire form: {@code schemas/answers/room.json}.
 *
 * @param roomId the room
 * @param expiresAt when it ends, ms since the epoch
 * @param now the server's clock, ms since the epoch
 * @param seats how many may be in it
 * @param taken how many are
 * @param locked whether joining is closed
 * @param passcode whether joining needs a passcode
 * @param encrypted whether texts must be encrypted end to end
 * @param name what it is called
 * @param member who is asking; only for those with a seat
 * @param sequence of the last message; only for those with a seat
 * @param members in the order they joined; only for those with a seat
 */
public record RoomView(String roomId, long expiresAt, long now, int seats, int taken,
    boolean locked,
    boolean passcode, boolean encrypted, @Nullable String name, @Nullable String member,
    @Nullable Long sequence, @Nullable List<RoomMember> members) {
  public RoomView {
    members = members == null ? null : List.copyOf(members);
  }
}
