package dev.stepcast.chat;

import dev.stepcast.chat.desk.Answer;
import dev.stepcast.chat.desk.Answer.Why;
import dev.stepcast.platform.problem.Problem;
import java.time.Duration;
import java.util.Map;

/** Why a room said no, as a problem. No answer repeats what was sent. */
final class Refusals {
  private Refusals() {}

  /** The value, or the refusal thrown. */
  static <T> T orRefuse(Answer<T> answer) {
    return switch (answer) {
      case Answer.Yes<T>(var value) -> value;
      case Answer.No<T>(var why, var retryAfterMs) ->
        throw (why == Why.TOO_OFTEN
            ? Problem.tooOften("This seat or room asked too often; wait a little.",
                Duration.ofMillis(retryAfterMs))
            : problem(why)).refusal();
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
      case NOT_OWNER -> Problem.of(403, "not-owner", "Only the owner may",
          "The owner is who joined first; after they left, who joined next.");
      case MEMBER_UNKNOWN -> Problem.of(404, "member-unknown", "Nobody of that id sits here",
          "GET the room for its members.");
      case MESSAGE_UNKNOWN -> Problem.of(404, "message-unknown", "No such message",
          "It was taken back, or never was in this room.");
      case NOT_YOURS -> Problem.of(403, "not-yours", "Somebody else said it",
          "Only its author changes a message or takes it back.");
      case PLAIN -> Problem.of(422, "not-encrypted", "The text is not encrypted",
          "This room takes encrypted texts only; docs/ROOMS.md has their form.");
      case TOO_OFTEN, EARLY -> throw new IllegalStateException(why + " is answered elsewhere");
    };
  }

  private static Problem gone(String reason, String detail) {
    return new Problem(410, "room-gone", "The room is gone", detail, Map.of("reason", reason));
  }
}
