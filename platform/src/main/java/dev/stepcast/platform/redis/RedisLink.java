package dev.stepcast.platform.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands that this process sends to Redis: a few pipelined connections, each of which comes
 * back by itself. Everything about one partition uses one of them, so it is applied in the order it
 * was sent. Nothing is queued while Redis is away: callers get {@link Unavailable} at once.
 */
public final class RedisLink {
  private static final int WAITING_MAX = 16_384;
  private static final long PAUSE_MIN_MS = 20;
  private static final long PAUSE_MAX_MS = 500;

  private final Vertx vertx;
  private final Redis redis;
  private final List<Lane> lanes;
  private final boolean cluster;
  private volatile boolean closed;

  /**
   * Redis cannot be asked right now, or it went away before it answered: the command may or may not
   * have been applied. Callers answer 503 with Retry-After, or send the same command again.
   */
  public static final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says why, for the log. */
    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** A key holds something of another type than ours: somebody else wrote there. */
  public static final class WrongType extends RuntimeException {
    private static final long serialVersionUID = 1;

    private WrongType(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private RedisLink(Vertx vertx, Where where, int lanes, Runnable lost) {
    this.vertx = vertx;
    this.cluster = where.type() == RedisClientType.CLUSTER;
    this.redis = Redis.createClient(vertx, where.options());
    var opened = new ArrayList<Lane>();
    for (int i = 0; i < lanes; i++) {
      opened.add(new Lane(vertx, redis, cluster, lost));
    }
    this.lanes = List.copyOf(opened);
  }

  /** What a URL of ours means to the client library. */
  private record Where(RedisClientType type, RedisOptions options) {
    static Where of(String url) {
      var options = new RedisOptions().setMaxWaitingHandlers(WAITING_MAX).setMaxPoolSize(64)
          .setMaxPoolWaiting(64).setPoolCleanerInterval(-1)
          .setPreferredProtocolVersion(ProtocolVersion.RESP2);
      if (url.startsWith("redis+sentinel://")) {
        var rest = url.substring("redis+sentinel://".length());
        int slash = rest.indexOf('/');
        var master = slash < 0 ? "mymaster" : rest.substring(slash + 1);
        endpoints(options, slash < 0 ? rest : rest.substring(0, slash));
        return new Where(RedisClientType.SENTINEL,
            options.setType(RedisClientType.SENTINEL).setMasterName(master));
      }
      if (url.startsWith("redis+cluster://")) {
        endpoints(options, url.substring("redis+cluster://".length()));
        return new Where(RedisClientType.CLUSTER, options.setType(RedisClientType.CLUSTER));
      }
      return new Where(RedisClientType.STANDALONE, options.setConnectionString(url));
    }

    private static void endpoints(RedisOptions options, String hostsAndPorts) {
      Arrays.stream(hostsAndPorts.split(",")).map(hostAndPort -> "redis://" + hostAndPort)
          .forEach(options::addConnectionString);
    }
  }

  /** Starts connecting with {@code lanes} connections; {@link #up} tells when it worked. */
  public static RedisLink open(Vertx vertx, String url, int lanes) {
    return open(vertx, url, lanes, () -> {});
  }

  /** The same; {@code lost} is called each time a connection ends that nobody closed. */
  public static RedisLink open(Vertx vertx, String url, int lanes, Runnable lost) {
    var link = new RedisLink(vertx, Where.of(url), lanes, lost);
    link.lanes.forEach(Lane::open);
    return link;
  }

  /** Whether it was closed: nothing will come of asking it any more. */
  public boolean closed() {
    return closed;
  }

  /** Whether every connection stands. */
  public boolean up() {
    return lanes.stream().allMatch(Lane::up);
  }

  /** Whether keys are spread over a Redis Cluster, where live events use sharded pub/sub. */
  public boolean cluster() {
    return cluster;
  }

  /**
   * Runs {@code script} in one round trip.
   *
   * @param keys complete keys, all of one slot; the first one chooses the connection
   * @param args strings, numbers or buffers
   * @return the script's answer; fails with {@link Unavailable} when Redis is away
   */
  public Future<Response> run(Script script, List<String> keys, List<?> args) {
    script.check(keys.size(), args.size());
    var lane = lane(keys.getFirst());
    return lane.send(request(Command.EVALSHA, script.text(cluster).sha(), keys, args))
        .recover(cause -> unknown(cause)
            ? lane.send(request(Command.EVAL, script.text(cluster).source(), keys, args))
            : Future.failedFuture(cause))
        .map(RedisLink::present);
  }

  /** Sends one plain command about {@code key}. A nil answer is null. */
  public Future<@Nullable Response> send(String key, Request request) {
    return lane(key).send(request);
  }

  /**
   * Asks again while Redis is away, for {@code within} at most, with pauses between. Only for what
   * may be applied twice: an answer that was lost is no sign that nothing happened.
   */
  public <T> Future<T> insist(Duration within, Supplier<Future<T>> command) {
    return insist(System.nanoTime() + within.toNanos(), PAUSE_MIN_MS, command);
  }

  private <T> Future<T> insist(long until, long pauseMs, Supplier<Future<T>> command) {
    return command.get()
        .recover(cause -> !(cause instanceof Unavailable) || System.nanoTime() - until > 0
            ? Future.failedFuture(cause)
            : vertx.timer(pauseMs, TimeUnit.MILLISECONDS).compose(
                _ -> insist(until, Math.min(pauseMs * 2, PAUSE_MAX_MS), command)));
  }

  /** A connection of the caller's own, for subscribing; the caller closes it. */
  public Future<RedisConnection> connect() {
    return redis.connect();
  }

  /** Closes every connection; what waits for an answer fails. */
  public Future<Void> close() {
    closed = true;
    return Future.all(lanes.stream().map(Lane::close).toList()).eventually(redis::close)
        .mapEmpty();
  }

  private static boolean unknown(Throwable cause) {
    return String.valueOf(cause.getMessage()).startsWith("NOSCRIPT");
  }

  private static Response present(@Nullable Response response) {
    if (response == null) {
      throw new IllegalStateException("a script answered nothing");
    }
    return response;
  }

  /**
   * The client's faults, sorted into "not now" and "our mistake". Before version 7 Redis tells what
   * a command answered within a script as {@code ERR Error running script (call to f_…):
   * @user_script:12: @user_script: 12: -OOM …}.
   */
  static Throwable classify(Throwable cause) {
    var message = String.valueOf(cause.getMessage())
        .replaceFirst("^ERR Error running script .*@user_script: *\\d+: -", "");
    var notNow = List.of("LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "OOM",
        "BUSY ", "MISCONF", "NOREPLICAS", "Failed to connect to all nodes", "CONNECTION_CLOSED");
    if (message.contains("WRONGTYPE")) {
      return new WrongType(message, cause);
    }
    boolean answered = cause.getClass().getSimpleName().equals("ErrorType");
    return answered && notNow.stream().noneMatch(message::startsWith) ? cause
        : new Unavailable(message, cause);
  }

  private static Request request(Command command, String script, List<String> keys,
      List<?> args) {
    var request = Request.cmd(command).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    for (var arg : args) {
      switch (arg) {
        case Buffer buffer -> request.arg(buffer);
        case byte[] bytes -> request.arg(Buffer.buffer(bytes));
        default -> request.arg(arg.toString());
      }
    }
    return request;
  }

  /** By hash tag, so that a partition's commands keep their order. */
  private Lane lane(String key) {
    int from = key.indexOf('{');
    int to = from < 0 ? -1 : key.indexOf('}', from);
    var tag = to < 0 ? key : key.substring(from, to);
    return lanes.get(Math.floorMod(tag.hashCode(), lanes.size()));
  }
}
