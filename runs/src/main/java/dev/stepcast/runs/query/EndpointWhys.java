package dev.stepcast.runs.query;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.limit.Limits;
import dev.stepcast.runs.query.Whys.Standing;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.FlowPlace;
import dev.stepcast.schemas.RunLease;
import dev.stepcast.schemas.RunView;
import dev.stepcast.schemas.WhyAnswer;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why an endpoint's run stands where it stands: it is its open deliveries that get it on. */
record EndpointWhys(RedisLink redis, Keys keys, Whys others) {
  private static final String DELIVERY = "d:";
  private static final String TOKEN = "t:";
  private static final String FAILED_BEFORE = "n:";
  private static final String QUEUE = "q";

  Future<WhyAnswer> why(RunImage image, RunView run) {
    return lease(image).compose(lease -> place(image).map(flow -> Whys.answer(image, run,
        new Standing(sentence(image, run.dueAt()), flow.orElse(null), lease.orElse(null)))));
  }

  /** Of the first delivery that a worker makes; a token is the process' nonce and its take. */
  private Future<Optional<RunLease>> lease(RunImage image) {
    var taken = image.of(TOKEN).min(Map.Entry.comparingByKey());
    if (taken.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var slot = taken.get().getKey();
    var worker = taken.get().getValue().split(":", 2)[0];
    long attempt = 1 + image.field(FAILED_BEFORE + slot).map(Long::valueOf).orElse(0L);
    var due = keys.slot(image.id()).key("due", image.text(RunImage.POOL));
    return redis.send(due, Request.cmd(Command.ZSCORE).arg(due).arg(image.id() + "#" + slot))
        .map(until -> Optional.of(new RunLease(worker, attempt,
            until == null ? null : until.toDouble().longValue())));
  }

  private Future<Optional<FlowPlace>> place(RunImage image) {
    var limits = new Limits(redis, keys);
    var places = flows(image).map(flow -> limits.place(flow, image.id())).toList();
    return Future.all(places).map(_ -> places.stream().map(Future::result)
        .reduce((one, other) -> one.ahead() == null && other.ahead() != null ? other : one));
  }

  /** The keys that its open deliveries share with others. */
  private static Stream<FlowControl> flows(RunImage image) {
    var own = image.field("ep").map(text -> Wire.decode(text, Config.class))
        .map(config -> config.from().flow()).orElse(null);
    return image.of(DELIVERY).sorted(Map.Entry.comparingByKey())
        .map(open -> flow(open.getKey(), Wire.decode(open.getValue(), Spec.class), own))
        .filter(Objects::nonNull).distinct();
  }

  private static @Nullable FlowControl flow(String slot, Spec spec, @Nullable FlowControl own) {
    boolean runs = spec.kind() == Kind.STEP
        || (spec.kind() == Kind.CALLBACK && slot.startsWith("c"));
    return runs ? own : spec.flow();
  }

  private String sentence(RunImage image, @Nullable Long dueAt) {
    return switch (image.state()) {
      case QUEUED -> dueAt == null && image.field(QUEUE).isPresent()
          ? "It waits for its turn in the queue " + image.text(QUEUE) + "."
          : "What comes next is sent to its endpoint at dueAt, by a worker with a free place.";
      case RUNNING -> "A worker calls its endpoint, or what that asked it to call; see 'lease'.";
      case WAITING -> "It waits for what 'waits' tells; where it does not wait forever it gives up"
          + " at dueAt.";
      case BACKING_OFF -> "Its endpoint failed, see 'lastError'; it is called again at dueAt.";
      case BLOCKED_BY_FLOW -> "Its flow control key has no room for another call yet, see 'flow'.";
      case SLEEPING, PAUSED, SUCCEEDED, FAILED, CANCELED -> others.sentence(image, dueAt);
    };
  }
}
