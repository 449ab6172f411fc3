package dev.stepcast.chat.desk;

/** What asking something of a room can lead to. */
public sealed interface Answer<T> {
  /** It was done. */
  record Yes<T>(T value) implements Answer<T> {}

  /**
   * It was not, and nothing has changed.
   *
   * @param retryAfterMs when it may be asked again, where that is why; else 0
   */
  record No<T>(Why why, long retryAfterMs) implements Answer<T> {
    /** Asking again would not help. */
    public No(Why why) {
      this(why, 0);
    }
  }

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
    /** Only the owner may. */
    NOT_OWNER,
    /** Nobody of that id sits in it. */
    MEMBER_UNKNOWN,
    /** There is no such message, or no longer. */
    MESSAGE_UNKNOWN,
    /** Somebody else said it. */
    NOT_YOURS,
    /** The room wants texts encrypted, and this one is not. */
    PLAIN,
    /** Who asks did so too often. */
    TOO_OFTEN,
    /** The clock asked for its end, and it is not time. */
    EARLY
  }
}
