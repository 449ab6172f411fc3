package dev.stepcast.platform.cluster;

import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;

/** Brings answers from the cluster's own event loop to where the question was asked. */
record Hop(VertxInternal vertx) {
  /** {@code answer}, whose handlers run on the caller's context. */
  <T> Future<T> here(Future<T> answer) {
    var promise = vertx.getOrCreateContext().<T>promise();
    answer.onComplete(promise);
    return promise.future();
  }
}
