package dev.stepcast.runs.operate;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.runs.control.Bulk;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Control;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.schemas.Executor;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Controls runs of Java workflows and of endpoints alike: each is asked what executes it, and that
 * never changes. What each call promises is what {@link Runs} says.
 */
public final class AnyRun implements Bulk.Controls {
  private static final String ENDPOINT = Executor.ENDPOINT.name().toLowerCase(Locale.ROOT);

  private final RedisLink redis;
  private final Keys keys;
  private final Runs java;
  private final EndpointRuns endpoints;

  /** Controls the runs that are in {@code redis}. */
  public AnyRun(RedisLink redis, Keys keys, Runs java, EndpointRuns endpoints) {
    this.redis = redis;
    this.keys = keys;
    this.java = java;
    this.endpoints = endpoints;
  }

  private Future<Boolean> endpoint(String id) {
    var run = keys.slot(id).key("run", id);
    return redis.send(run, Request.cmd(Command.HGET).arg(run).arg(RunImage.POOL))
        .map(executor -> executor != null && executor.toString().equals(ENDPOINT));
  }

  @Override
  public Future<Control> cancel(String id) {
    return endpoint(id).compose(is -> is
        ? endpoints.cancel(id).map(ended -> ended ? Control.DONE : Control.UNCHANGED)
        : java.cancel(id));
  }

  @Override
  public Future<Control> pause(String id) {
    return endpoint(id).compose(is -> is ? endpoints.pause(id) : java.pause(id));
  }

  @Override
  public Future<Control> unpause(String id) {
    return endpoint(id).compose(is -> is ? endpoints.unpause(id) : java.unpause(id));
  }

  @Override
  public Future<Remade> resume(String id) {
    return endpoint(id).compose(is -> is ? endpoints.resume(id, UnaryOperator.identity())
        : java.resume(id));
  }

  @Override
  public Future<Remade> restart(String id) {
    return endpoint(id).compose(is -> is ? endpoints.restart(id, UnaryOperator.identity())
        : java.restart(id));
  }
}
