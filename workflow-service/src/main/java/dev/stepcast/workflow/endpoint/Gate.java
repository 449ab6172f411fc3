package dev.stepcast.workflow.endpoint;

import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.endpoint.Deliveries.Leased;
import dev.stepcast.runs.flow.FlowBook.Acquired;
import dev.stepcast.runs.flow.FlowBook.Claim;
import dev.stepcast.runs.limit.Limits;
import dev.stepcast.schemas.FlowControl;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets deliveries of one key pass as its limits allow. A delivery has its place while its call is
 * open; that of a node which died is taken over by whoever makes the delivery again.
 */
final class Gate {
  private final Limits limits;
  private final Deliveries deliveries;

  Gate(Limits limits, Deliveries deliveries) {
    this.limits = limits;
    this.deliveries = deliveries;
  }

  /** What {@code one} shares with others; null for nothing. */
  static @Nullable FlowControl flow(Leased one) {
    boolean runs = one.spec().kind() == Kind.STEP
        || (one.spec().kind() == Kind.CALLBACK && one.slot().startsWith("c"));
    return runs ? one.config().from().flow() : one.spec().flow();
  }

  /** Whether the call may be made now; else the delivery has been put back. */
  Future<Boolean> enter(FlowControl flow, Leased one) {
    return limits.enter(flow, one.member(), one.takenAt()).compose(answer -> switch (answer) {
      case Acquired.Granted() -> Future.succeededFuture(true);
      case Acquired.Stale() -> deliveries.block(one, one.takenAt() + 1).map(false);
      case Acquired.Queued(var again, var next) -> deliveries.block(one, again)
          .compose(_ -> pass(flow, next)).map(false);
    });
  }

  /** The call has been answered: who has its place now comes for it. */
  Future<Void> leave(FlowControl flow, Leased one) {
    return limits.leave(flow, one.member(), one.takenAt()).compose(next -> pass(flow, next));
  }

  private Future<Void> pass(FlowControl flow, List<String> next) {
    return Future.all(next.stream().map(one -> deliveries.pass(one).compose(there -> there
        ? Future.<Void>succeededFuture()
        : limits.leave(flow, one, Claim.GONE).compose(more -> pass(flow, more)))).toList())
        .mapEmpty();
  }
}
