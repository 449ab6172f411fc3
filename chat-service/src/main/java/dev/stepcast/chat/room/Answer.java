package dev.stepcast.chat.room;

import java.util.function.Function;

/** What asking something of a room can lead to. */
public sealed interface Answer<T> {
  /** It was done. */
  record Yes<T>(T value) implements Answer<T> {}

  /** It was not, and nothing has changed. */
  record No<T>(Why why) implements Answer<T> {}

  /** Why nothing was done. */
  enum Why {
    /** There is no such room, or it ended so long ago that nobody remembers. */
    UNKNOWN,
    /** A member destroyed it. */
    DESTROYED,
    /** Its time came. */
    EXPIRED,
    /** Who asks has no seat in it. */
    NO_SEAT,
    /** All seats are taken. */
    FULL,
    /** The owner lets nobody in. */
    LOCKED,
    /** It has a passcode, and this is not it. */
    PASSCODE,
    /** Somebody else in it is called so. */
    ALIAS_TAKEN,
    /** The clock asked for its end, and it is not time. */
    EARLY
  }

  /** The value as something else. */
  default <U> Answer<U> map(Function<T, U> change) {
    return switch (this) {
      case Yes<T>(var value) -> new Yes<>(change.apply(value));
      case No<T>(var why) -> new No<>(why);
    };
  }
}
