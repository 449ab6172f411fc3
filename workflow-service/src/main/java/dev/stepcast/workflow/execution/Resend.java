package dev.stepcast.workflow.execution;

import dev.stepcast.platform.redis.RedisLink.Unavailable;
import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.Recording;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** Sends one write until the store answers; the fence decides whether it still counts. */
final class Resend {
  private static final long PAUSE_MIN_MS = 50;
  private static final long PAUSE_MAX_MS = 1_000;

  private final Vertx vertx;
  private final BooleanSupplier over;
  private final Consumer<String> giveUp;

  /**
   * Sends nothing yet.
   *
   * @param over   whether the run is ours no longer: then nothing is sent again
   * @param giveUp is told why, when the store refuses
   */
  Resend(Vertx vertx, BooleanSupplier over, Consumer<String> giveUp) {
    this.vertx = vertx;
    this.over = over;
    this.giveUp = giveUp;
  }

  Future<Recording> send(Hold hold, Function<Hold, Future<Recording>> transition) {
    return send(hold, transition, PAUSE_MIN_MS);
  }

  private Future<Recording> send(Hold hold, Function<Hold, Future<Recording>> transition,
      long pauseMs) {
    return transition.apply(hold).recover(cause -> {
      if (!(cause instanceof Unavailable) || over.getAsBoolean()) {
        giveUp.accept("the store refuses: " + cause.getMessage());
        return Future.succeededFuture(new Recording.Fenced());
      }
      var waited = Promise.<Recording>promise();
      vertx.setTimer(pauseMs, _ -> send(hold, transition,
          Math.min(pauseMs * 2, PAUSE_MAX_MS)).onComplete(waited));
      return waited.future();
    });
  }
}
