package dev.stepcast.platform.keys;

import java.nio.charset.StandardCharsets;

/**
 * Where things are in Redis. Everything about a name – a run and its live channel, a room and its
 * live channel – lies under one hash tag, so every script touches one slot and any node finds any
 * key without a look-up.
 *
 * @param prefix     what all keys begin with
 * @param partitions how many slots names are spread over
 */
public record Keys(String prefix, int partitions) {
  private static final int POLYNOMIAL = 0x1021;
  private static final int[] TABLE = table();

  /** The partition of {@code name}: its CRC-16 modulo {@link #partitions}. */
  public int partition(String name) {
    return crc16(name.getBytes(StandardCharsets.UTF_8)) % partitions;
  }

  /** Where everything about {@code name} lies. */
  public Slot slot(String name) {
    return slot(partition(name));
  }

  /** The slot of a partition. */
  public Slot slot(int partition) {
    return new Slot(prefix + ":{" + partition + "}:");
  }

  /** A slot for what belongs to no name: {@code catalog}, {@code deployment}, {@code cluster}. */
  public Slot slotTagged(String tag) {
    return new Slot(prefix + ":{" + tag + "}:");
  }

  /** The history of a channel; also the name of the pub/sub channel that rings for it. */
  public String channel(String channel) {
    return slot(channel).key("ch", channel);
  }

  /**
   * What knows the last id of a channel: of a run's channel the run, which holds its history as
   * well; of another a key that outlives the history.
   */
  public String keeper(String channel) {
    return slot(channel).key(isRun(channel) ? "run" : "tail", channel);
  }

  /** Whether {@code name} is that of a run, and its channel's history a part of the run. */
  public static boolean isRun(String name) {
    return name.startsWith("wfr_");
  }

  /**
   * One slot's key space.
   *
   * @param head prefix and hash tag, ending in a colon
   */
  public record Slot(String head) {
    /** The key of kind {@code kind}, such as {@code wake}. */
    public String key(String kind) {
      return head + kind;
    }

    /** The key of kind {@code kind} for {@code name}, such as {@code run:wfr_x}. */
    public String key(String kind, String name) {
      return head + kind + ":" + name;
    }
  }

  /** CRC-16/XMODEM, as Redis Cluster uses it (Redis Cluster specification, appendix A). */
  static int crc16(byte[] bytes) {
    int crc = 0;
    for (byte b : bytes) {
      crc = (crc << 8 & 0xFFFF) ^ TABLE[(crc >>> 8 ^ b) & 0xFF];
    }
    return crc;
  }

  private static int[] table() {
    var table = new int[256];
    for (int i = 0; i < 256; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
      }
      table[i] = crc & 0xFFFF;
    }
    return table;
  }
}
