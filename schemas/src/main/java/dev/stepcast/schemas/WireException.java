package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/** A text is no JSON or does not fit the record asked for. The message holds none of it. */
public final class WireException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String pointer;

  WireException(String message, String pointer, @Nullable Throwable cause) {
    super(message, cause);
    this.pointer = pointer;
  }

  /** JSON pointer to what does not fit; empty for the whole text. */
  public String pointer() {
    return pointer;
  }
}
