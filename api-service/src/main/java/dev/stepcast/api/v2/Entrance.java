package dev.stepcast.api.v2;

import dev.stepcast.runs.admission.Admission;
import dev.stepcast.runs.endpoint.EndpointRuns;
import io.vertx.core.Future;
import java.util.List;

/**
 * Lets new work in, unless Redis is nearly full or too much is due already. What goes on with
 * accepted work always passes, else it could never end: steps of a run, calls on its behalf, its
 * children, and the endpoint that sends its run once more with its real configuration.
 */
record Entrance(Admission admission, EndpointRuns runs) {
  /** Fails with the refusal where one of {@code items} is new work. */
  Future<Void> pass(List<Item> items) {
    var no = admission.refusal();
    if (no.isEmpty()) {
      return Future.succeededFuture();
    }
    var known = items.stream().map(this::known).toList();
    return Future.all(known).compose(_ -> known.stream().allMatch(Future::result)
        ? Future.succeededFuture()
        : Future.failedFuture(no.get().refusal()));
  }

  /** Throws the refusal, where there is one just now. */
  void pass() {
    admission.check();
  }

  private Future<Boolean> known(Item item) {
    if (item.starts() && !item.invokes()) {
      return item.anew() && item.runId().isPresent()
          ? runs.config(item.runId().get()).map(config -> config.isPresent())
          : Future.succeededFuture(false);
    }
    return Future.succeededFuture(item.runId().isPresent() || item.invokes());
  }
}
