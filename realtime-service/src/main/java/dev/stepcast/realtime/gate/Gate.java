package dev.stepcast.realtime.gate;

import dev.stepcast.platform.problem.Problem;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How many may connect to this node: so many a second, two seconds' worth of them at once, and so
 * many at the same time from one address. Who is turned away is told when to come back, each
 * another time. For all event loops.
 */
public final class Gate {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long COME_BACK_MS = 1_000;

  private final Limits limits;
  private final AtomicLong fullAt = new AtomicLong(System.nanoTime());
  private final ConcurrentHashMap<String, Integer> open = new ConcurrentHashMap<>();

  /**
   * What is let through; 0 for no limit.
   *
   * @param addressHeader in which a proxy says who asks; null: the peer of the connection
   */
  public record Limits(int perSecond, int perAddress, @Nullable String addressHeader) {}

  /** Everybody is outside. */
  public Gate(Limits limits) {
    this.limits = limits;
  }

  /** Counts one who knocks; why they are turned away, if they are. */
  public Optional<Problem> knock(HttpServerRequest request) {
    if (limits.perAddress > 0
        && open.getOrDefault(address(request), 0) >= limits.perAddress) {
      return Optional.of(Problem.tooOften("Too many connections are open from your address.",
          later()));
    }
    return limits.perSecond > 0 && !inTime()
        ? Optional.of(Problem.unavailable("too-many-connects",
            "Many connect at this moment; come back in a second or two.", later()))
        : Optional.empty();
  }

  /** Forgets who has knocked so far. */
  public void forgive() {
    fullAt.set(System.nanoTime());
  }

  /** Who asks; empty where that is of no account. */
  public String address(HttpServerRequest request) {
    if (limits.perAddress == 0) {
      return "";
    }
    var header = limits.addressHeader;
    var told = header == null ? null : request.getHeader(header);
    var peer = request.remoteAddress();
    return told != null && !told.isBlank() ? told.strip()
        : peer == null ? ""
            : String.valueOf(peer.hostAddress());
  }

  /** A connection from {@code address} is open. */
  public void enter(String address) {
    if (limits.perAddress > 0) {
      open.merge(address, 1, Integer::sum);
    }
  }

  /** It is closed. */
  public void leave(String address) {
    if (limits.perAddress > 0) {
      open.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /** A bucket is one number, the time at which it is full again (GCRA). */
  private boolean inTime() {
    long gap = SECOND / limits.perSecond;
    long now = System.nanoTime();
    while (true) {
      long before = fullAt.get();
      long after = Math.max(now, before) + gap;
      if (after - now > 2 * SECOND) {
        return false;
      }
      if (fullAt.compareAndSet(before, after)) {
        return true;
      }
    }
  }

  private static Duration later() {
    return Duration.ofMillis(COME_BACK_MS + ThreadLocalRandom.current().nextLong(COME_BACK_MS));
  }
}
