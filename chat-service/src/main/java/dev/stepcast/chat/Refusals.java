package dev.stepcast.chat;

import dev.stepcast.chat.room.Answer;
import dev.stepcast.chat.room.Answer.Why;
import dev.stepcast.platform.problem.Problem;
import java.util.Map;

/** Why a room said no, as a problem. No answer repeats what was sent. */
final class Refusals {
  private Refusals() {}

  /** The value, or the refusal thrown. */
  static <T> T orRefuse(Answer<T> answer) {
    return switch (answer) {
      case Answer.Yes<T>(var value) -> value;
      case Answer.No<T>(var why) -> throw problem(why).refusal();
    };
  }

  static Problem problem(Why why) {
    return switch (why) {
      case UNKNOWN -> Problem.of(404, "room-unknown", "No such room",
          "Check the link. A room that ended is forgotten after a while.");
      case DESTROYED -> gone("destroyed", "A member destroyed it for everybody.");
      case EXPIRED -> gone("expired", "Its time was up.");
      case NO_SEAT -> Problem.of(401, "seat-required", "Only for members",
          "Take a seat first: POST /api/rooms/{id}/join, and keep the cookie it sets.");
      case FULL -> Problem.of(409, "room-full", "The room is full", "Every seat is taken.");
      case LOCKED -> Problem.of(409, "room-locked", "The room is locked",
          "Its owner lets nobody in now.");
      case PASSCODE -> Problem.of(401, "passcode-wrong", "The passcode is needed",
          "Send the room's passcode with the join.");
      case ALIAS_TAKEN -> Problem.of(409, "alias-taken", "Somebody is called so",
          "A member of this room has that name, or one that looks the same. Choose another.");
      case EARLY -> throw new IllegalStateException("only the clock is early");
    };
  }

  private static Problem gone(String reason, String detail) {
    return new Problem(410, "room-gone", "The room is gone", detail, Map.of("reason", reason));
  }
}
