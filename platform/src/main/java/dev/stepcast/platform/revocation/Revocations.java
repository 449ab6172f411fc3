package dev.stepcast.platform.revocation;

import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Subjects whose right to a channel ended before their grants do. What is revoked is kept in Redis
 * beside the channel, and rung on the channel itself, so that whoever serves it closes at once.
 *
 * <p>A server of channels asks {@link #of} when a grant is all that lets a connection in, again
 * after each lost session, and reads each ring with {@link #rung}.
 */
public final class Revocations {
  /** Defines the Lua function {@code revoke}; put in front of scripts that put somebody out. */
  public static final Script REVOKE = Script.of(Revocations.class, "revoke");

  /** In a ring: everybody; not remembered, so who still has a right may come back. */
  public static final String EVERYBODY = "*";

  private static final Script VOID = Script.of(Revocations.class, "void").with(REVOKE);
  private static final String RING = "- ";

  private final RedisLink redis;
  private final Keys keys;

  /** Reads and writes through {@code redis}. */
  public Revocations(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  /** Where the revoked subjects of {@code channel} are: a set. */
  public static String key(Keys keys, String channel) {
    return keys.slot(channel).key("revoked", channel);
  }

  /** Whose right a message of a channel's pub/sub revokes, if it is such a ring. */
  public static Optional<String> rung(String message) {
    return message.startsWith(RING) ? Optional.of(message.substring(RING.length()))
        : Optional.empty();
  }

  /**
   * Takes {@code subject}'s right to {@code channel} away, for new connections and open ones.
   *
   * @param keep at least as long as any grant of theirs lives
   */
  public Future<Void> revoke(ChannelName channel, String subject, Duration keep) {
    return redis.run(VOID, List.of(keys.channel(channel.value()), key(keys, channel.value())),
        List.of(subject, keep.toMillis())).mapEmpty();
  }

  /** The subjects without a right to {@code channel}, whatever their grants say. */
  public Future<Set<String>> of(ChannelName channel) {
    var key = key(keys, channel.value());
    return redis.send(key, Request.cmd(Command.SMEMBERS).arg(key)).map(found -> found == null
        ? Set.of()
        : StreamSupport.stream(found.spliterator(), false).map(Response::toString)
            .collect(Collectors.toUnmodifiableSet()));
  }
}
