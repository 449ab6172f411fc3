package dev.stepcast.schemas;

import java.util.List;

/**
 * 200 of GET /api/realtime/presence.
 *
 * <p>Wire form: {@code schemas/answers/presence.json}.
 *
 * @param channel channel name
 * @param count how many are there, also those that are not listed
 * @param version as joins and leaves tell it; 0 while nobody is there
 * @param members who, the longest there first
 */
public record PresenceAnswer(String channel, long count, long version,
    List<PresentMember> members) {
  public PresenceAnswer {
    members = List.copyOf(members);
  }
}
