package dev.stepcast.chat.limit;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.limit.Rate;
import dev.stepcast.platform.redis.RedisLink;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often an address may ask for what costs something, for all replicas together. An address is
 * an IPv4 address or the first half of an IPv6 one; only a hash is kept, for at most a minute.
 */
public final class Limits {
  private static final int IPV6_NETWORK_BYTES = 8;

  private final RedisLink redis;
  private final Keys keys;
  private final @Nullable String addressHeader;
  private final Map<Kind, Integer> perMinute;

  /** What is limited. */
  public enum Kind {
    /** Opening a room. */
    CREATE,
    /** Trying to join one. */
    JOIN,
    /** Trying a passcode. */
    PASSCODE,
    /** Anything else: to look, and whatever a member does. */
    ASK
  }

  /**
   * Limits that are kept in {@code redis}.
   *
   * @param addressHeader the header in which a trusted proxy tells who asks, the last of several
   *                      addresses; null: the peer of the connection
   * @param perMinute     a quarter of them at once; 0 or absent for no limit
   */
  public Limits(RedisLink redis, Keys keys, @Nullable String addressHeader,
      Map<Kind, Integer> perMinute) {
    this.redis = redis;
    this.keys = keys;
    this.addressHeader = addressHeader;
    this.perMinute = Map.copyOf(perMinute);
  }

  /** Counts one; fails with the refusal 429 when it is one too many. */
  public Future<Void> count(Kind kind, HttpServerRequest request) {
    int most = perMinute.getOrDefault(kind, 0);
    return most == 0 ? Future.succeededFuture()
        : new Rate(redis, keys, most).take(kind.name() + ":" + hash(address(request)),
            "This address asked too often; wait a little.");
  }

  private byte[] address(HttpServerRequest request) {
    var told = addressHeader == null ? null : request.getHeader(addressHeader);
    var text = told == null ? request.remoteAddress().hostAddress()
        : told.substring(told.lastIndexOf(',') + 1).strip();
    var bytes = NetUtil.createByteArrayFromIpAddressString(text);
    return bytes == null ? text.getBytes(StandardCharsets.UTF_8)
        : bytes.length == 4 ? bytes
            : Arrays.copyOf(bytes, IPV6_NETWORK_BYTES);
  }

  private static String hash(byte[] address) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(address);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 15));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
