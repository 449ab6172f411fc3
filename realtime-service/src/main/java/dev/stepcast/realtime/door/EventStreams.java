package dev.stepcast.realtime.door;

import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.revocation.Revocations;
import dev.stepcast.realtime.door.Access.Rights;
import dev.stepcast.realtime.listen.Audience.Boarded;
import dev.stepcast.realtime.listen.Audience.Boarding;
import dev.stepcast.realtime.node.Loop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Server-sent events: a request is answered once every channel is subscribed. */
final class EventStreams {
  private static final int CHANNELS_MAX = 50;
  private static final long RETRY_MS = 400;
  private static final long BOARD_WITHIN_MS = 5_000;
  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private final Access access;
  private final Loop loop;
  private final RealtimeRoutes.Terms terms;
  private final Presences presences;
  private final Gather gather = new Gather.Events();

  EventStreams(Access access, Loop loop, RealtimeRoutes.Terms terms, Presences presences) {
    this.presences = presences;
    this.access = access;
    this.loop = loop;
    this.terms = terms;
  }

  /** Refuses what this transport cannot carry. */
  static void limit(Ask ask) {
    ask.limit(CHANNELS_MAX);
  }

  void open(RoutingContext ctx, Ask ask, Rights rights) {
    if (ctx.response().closed()) {
      return;
    }
    var opening = new Opening(ctx, rights);
    loop.add(opening.stream);
    opening.stream.enter(terms.gate(), terms.gate().address(ctx.request()));
    ctx.response().closeHandler(_ -> opening.stream.gone());
    ctx.response().exceptionHandler(_ -> opening.stream.gone());
    opening.begin(ask);
  }

  /** One request on its way to being a stream. */
  private final class Opening implements Boarded, Stream.Wire {
    private final RoutingContext ctx;
    private Rights rights;
    private Set<String> watched = Set.of();
    private final Stream stream = new Stream(this, loop, terms);
    private final long timer = loop.later(BOARD_WITHIN_MS, this::tooLate);

    Opening(RoutingContext ctx, Rights rights) {
      this.ctx = ctx;
      this.rights = rights;
    }

    void begin(Ask ask) {
      if (ask.channels().stream().anyMatch(loop::unreadable)) {
        failed(Problem.wrongType().refusal());
        return;
      }
      watched = ask.watched();
      loop.audience().board(stream.listener(),
          ask.wishes(ctx.request().getHeader("Last-Event-ID"), loop.nowMs(),
              terms.ackSlack().toMillis()),
          this);
    }

    /** Only now, when nothing is missed any more, is it certain who has been put out. */
    @Override
    public void boarded(Boarding boarding) {
      var channels = stream.listener().channels();
      access.checked(rights, channels).map(left -> {
        left.demand(channels, loop.now());
        mayWatch(left);
        return left;
      }).onFailure(this::failed).onSuccess(left -> {
        loop.cancel(timer);
        if (!stream.isGone() && !ctx.response().headWritten()) {
          rights = left;
          stream.checkRightsAt(left.until(channels));
          answer();
          loop.audience().begin(boarding);
          channels.forEach(channel -> stream.attend(channel, left.who(channel)));
          watched.forEach(this::watch);
        }
      });
    }

    private void mayWatch(Rights left) {
      for (var channel : watched) {
        var no = presences.refusal(left, channel);
        if (no.isPresent()) {
          throw no.get().refusal();
        }
      }
    }

    /** Where it cannot be read now, the browser hears of the next join that it lacks the rest. */
    private void watch(String channel) {
      stream.audience().watch(stream.listener(), channel, true);
      presences.members(channel, null).onSuccess(stream::tell);
    }

    private void answer() {
      long retryMs = RETRY_MS + ThreadLocalRandom.current().nextLong(RETRY_MS / 2);
      ctx.response().setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
          .putHeader("X-Accel-Buffering", "no")
          .write(Buffer.buffer("retry: " + retryMs + "\n\n"));
      stream.open(Pipe.chunks(ctx.request(), stream::drained));
    }

    @Override
    public void failed(Throwable cause) {
      loop.cancel(timer);
      if (!ctx.response().headWritten() && !ctx.response().closed()) {
        stream.gone();
        ctx.fail(cause);
      }
    }

    @Override
    public Gather gather() {
      return gather;
    }

    @Override
    public boolean tellsPositions() {
      return true;
    }

    @Override
    public void end(Goodbye why) {
      if (ctx.response().headWritten()) {
        ctx.response().end().onComplete(_ -> stream.gone());
      } else {
        failed(Problem.unavailable("draining", "This node is about to stop; connect again.",
            COME_BACK).refusal());
      }
    }

    /** The browser comes back at once: with a newer grant, or to be told that it has none. */
    @Override
    public void rightsEnded(Instant now) {
      stream.dismiss("grant-expired");
    }

    @Override
    public void revoked(String channel, String subject) {
      if (subject.equals(Revocations.EVERYBODY)) {
        // Behind this turn's writes: what was told before is heard before.
        loop.context().runOnContext(_ -> stream.dismiss("revoked"));
        return;
      }
      rights = rights.without(channel, Set.of(subject));
      judge(channel);
    }

    private void judge(String channel) {
      var now = loop.now();
      if (!rights.listen(channel, now)) {
        stream.dismiss("revoked");
      } else if (!rights.see(channel, now)) {
        stream.audience().watch(stream.listener(), channel, false);
      }
    }

    @Override
    public boolean belongsTo(String subject) {
      return rights.carries(subject);
    }

    @Override
    public String subject() {
      return rights.subject();
    }

    /** The URL goes on to ask for it: what can be done is to let the client ask again. */
    @Override
    public void unsubscribed(String channel) {
      stream.dismiss("kicked");
    }

    @Override
    public void resynced(String channel) {
      if (rights.byGrant(channel)) {
        access.checked(rights, List.of(channel)).onSuccess(left -> {
          rights = left;
          judge(channel);
        });
      }
    }

    private void tooLate() {
      boolean foreign = stream.listener().channels().stream().anyMatch(loop::unreadable);
      failed(foreign ? Problem.wrongType().refusal()
          : Problem.unavailable("subscribe-timeout",
              "The channels could not be subscribed in time.", COME_BACK).refusal());
    }
  }
}
