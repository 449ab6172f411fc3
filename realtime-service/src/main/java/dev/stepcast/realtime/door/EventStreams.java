package dev.stepcast.realtime.door;

import dev.stepcast.platform.problem.Problem;
import dev.stepcast.realtime.door.Access.Rights;
import dev.stepcast.realtime.listen.Audience.Boarded;
import dev.stepcast.realtime.listen.Audience.Boarding;
import dev.stepcast.realtime.node.Loop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** Server-sent events: a request is answered once every channel is subscribed. */
final class EventStreams {
  private static final int CHANNELS_MAX = 50;
  private static final long RETRY_MS = 400;
  private static final long BOARD_WITHIN_MS = 5_000;
  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private final Loop loop;
  private final RealtimeRoutes.Terms terms;
  private final Gather gather = new Gather.Events();

  EventStreams(Loop loop, RealtimeRoutes.Terms terms) {
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
    var opening = new Opening(ctx);
    loop.add(opening.stream);
    ctx.response().closeHandler(_ -> opening.stream.gone());
    ctx.response().exceptionHandler(_ -> opening.stream.gone());
    opening.stream.checkRightsAt(rights.until(ask.channels()));
    opening.begin(ask);
  }

  /** One request on its way to being a stream. */
  private final class Opening implements Boarded, Stream.Wire {
    private final RoutingContext ctx;
    private final Stream stream = new Stream(this, loop, terms);
    private final long timer = loop.later(BOARD_WITHIN_MS, this::tooLate);

    Opening(RoutingContext ctx) {
      this.ctx = ctx;
    }

    void begin(Ask ask) {
      loop.audience().board(stream.listener(),
          ask.wishes(ctx.request().getHeader("Last-Event-ID"), System.currentTimeMillis()), this);
    }

    @Override
    public void boarded(Boarding boarding) {
      loop.cancel(timer);
      if (stream.isGone() || ctx.response().headWritten()) {
        return;
      }
      long retryMs = RETRY_MS + ThreadLocalRandom.current().nextLong(RETRY_MS / 2);
      ctx.response().setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
          .putHeader("X-Accel-Buffering", "no")
          .write(Buffer.buffer("retry: " + retryMs + "\n\n"));
      stream.open(Pipe.chunks(ctx.request(), stream::drained));
      loop.audience().begin(boarding);
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

    private void tooLate() {
      failed(Problem.unavailable("subscribe-timeout",
          "The channels could not be subscribed in time.", COME_BACK).refusal());
    }
  }
}
