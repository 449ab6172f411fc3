package dev.stepcast.realtime.door;

/** Why a connection is closed; a WebSocket is told the code. */
enum Goodbye {
  /** The client does not speak WebSocket (RFC 6455 §7.4.1), such as a frame without a mask. */
  PROTOCOL(1002, "protocol error"),
  /** As planned (age, drain): come back now. */
  COME_BACK(4100, "come back"),
  /** No byte moved for too long. */
  STALLED(4101, "stalled"),
  /** Too much was asked: come back later. */
  LATER(4129, "too often"),
  /** The client sent what is no frame. */
  BAD_FRAME(4400, "bad frame"),
  /** No valid grant. */
  NO_GRANT(4401, "grant required"),
  /** A grant, but not for this. */
  DENIED(4403, "denied"),
  /** A frame over 64 KiB. */
  FRAME_TOO_LARGE(4413, "frame too large");

  private final int code;
  private final String words;

  Goodbye(int code, String words) {
    this.code = code;
    this.words = words;
  }

  short code() {
    return (short) code;
  }

  String words() {
    return words;
  }
}
