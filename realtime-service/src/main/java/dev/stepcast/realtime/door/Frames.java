package dev.stepcast.realtime.door;

import dev.stepcast.platform.problem.Problem;
import dev.stepcast.realtime.position.Ack;
import dev.stepcast.schemas.ClientFrame;
import dev.stepcast.schemas.ProblemBody;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WireException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How what clients send and are told stands in frames. */
final class Frames {
  private static final Set<String> TYPES = Set.of("subscribe", "unsubscribe", "publish",
      "presence", "ping");

  private Frames() {}

  static SequencedMap<String, Ack> wishes(ClientFrame.Subscribe frame, long nowMs) {
    var acks = frame.acks() == null ? Map.<String, String>of() : frame.acks();
    SequencedMap<String, Ack> wishes = new LinkedHashMap<>();
    for (var channel : new LinkedHashSet<>(frame.channels())) {
      wishes.put(channel, Ack.of(acks.get(channel), nowMs));
    }
    return wishes;
  }

  /** The frame's type; null where it is no frame of ours at all. */
  static @Nullable String type(String text) {
    try {
      var type = Wire.tree(text).path("type").asText();
      return TYPES.contains(type) ? type : null;
    } catch (WireException e) {
      return null;
    }
  }

  static Problem grantNeeded(String right) {
    return Problem.of(401, "grant-required", "A grant is needed",
        "Subscribe with a grant that has the right " + right + " for the channel.");
  }

  static Problem denied() {
    return Problem.of(403, "channel-denied", "Not this channel",
        "None of the grants sent gives that right on the channel.");
  }

  static ProblemBody body(Problem problem) {
    return Wire.decode(problem.toJson().encode(), ProblemBody.class);
  }
}
