package dev.stepcast.realtime.door;

import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.listen.Audience.Boarding;
import dev.stepcast.realtime.listen.Listener;
import dev.stepcast.realtime.node.Loop;
import dev.stepcast.schemas.ServerFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One SSE connection: its response as an outlet, and when it pings, leaves and is given up. */
final class EventStream implements Listener.Outlet, Loop.Connection {
  private static final long RETRY_MS = 400;
  private static final long END_WITHIN_MS = 2_000;

  private final HttpServerResponse response;
  private final Loop loop;
  private final Gather gather;
  private final Lifetime lifetime;
  private final Listener listener;
  private boolean begun;
  private boolean closing;
  private boolean gone;

  EventStream(HttpServerResponse response, Loop loop, Gather gather, RealtimeRoutes.Terms terms) {
    this.response = response;
    this.loop = loop;
    this.gather = gather;
    this.lifetime = new Lifetime(terms, System.currentTimeMillis());
    this.listener = new Listener(this, terms.backlogBytes());
  }

  Listener listener() {
    return listener;
  }

  /** The client may be told: answers 200 and begins. */
  void begin(Boarding boarding) {
    if (gone) {
      return;
    }
    begun = true;
    response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
        .putHeader("X-Accel-Buffering", "no");
    response.drainHandler(_ -> loop.audience().writable(listener));
    response.write(Buffer.buffer("retry: " + (RETRY_MS + random(RETRY_MS / 2)) + "\n\n"));
    loop.audience().begin(boarding);
  }

  /** The client, or we, closed it: nothing is told any more. */
  void gone() {
    if (!gone) {
      gone = true;
      loop.remove(this);
      loop.audience().gone(listener);
    }
  }

  @Override
  public void tick(long nowMs) {
    if (closing || !begun) {
      return;
    }
    switch (lifetime.at(nowMs, response.writeQueueFull())) {
      case PING -> loop.audience().tell(listener,
          Frame.system(new ServerFrame.Ping(nowMs), false));
      case LEAVE -> dismiss("max-life");
      case STALLED -> {
        loop.meters().closed("stalled");
        closing = true;
        response.reset();
      }
      case NOTHING -> {
        // goes on
      }
    }
  }

  @Override
  public void dismiss(String reason) {
    if (closing || gone) {
      return;
    }
    closing = true;
    loop.meters().closed(reason);
    if (!begun) {
      return;
    }
    long now = System.currentTimeMillis();
    loop.audience().dismiss(listener,
        Frame.system(new ServerFrame.Reconnect(listener.resumeMs(now), null), true));
    response.end();
    loop.later(END_WITHIN_MS, () -> {
      if (!gone) {
        response.reset();
      }
    });
  }

  @Override
  public boolean full() {
    return response.writeQueueFull();
  }

  @Override
  public boolean tellsPositions() {
    return true;
  }

  @Override
  public void write(List<Frame> frames, @Nullable List<@Nullable String> marks) {
    if (!gone) {
      lifetime.wrote();
      loop.meters().wrote(frames.size());
      response.write(marks == null ? gather.events(frames) : Gather.events(frames, marks));
    }
  }

  private static long random(long below) {
    return ThreadLocalRandom.current().nextLong(below);
  }
}
