package dev.stepcast.realtime.door;

import dev.stepcast.platform.grant.Grant;
import dev.stepcast.platform.grant.Grant.Right;
import dev.stepcast.platform.grant.Grants;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * Who may do what on which channel.
 *
 * @param policies what holds where no grant is needed
 */
record Access(Grants grants, ChannelPolicies policies) {
  /** What the grants that {@code request} carries allow. */
  Future<Rights> of(HttpServerRequest request) {
    return grants.carriedBy(request).map(carried -> new Rights(policies, carried));
  }

  /** What one client may do. */
  record Rights(ChannelPolicies policies, List<Grant> grants) {
    /** Whether it may listen to {@code channel}. */
    boolean listen(String channel) {
      return policies.of(channel).access() == ChannelPolicies.Access.PUBLIC
          || has(channel, Right.SUBSCRIBE);
    }

    /** Whether one of its grants gives {@code right} on {@code channel}. */
    boolean has(String channel, Right right) {
      return grants.stream().anyMatch(grant -> grant.allows(channel, right));
    }

    /** Throws the refusal unless it may listen to all of {@code channels}. */
    void demand(List<String> channels) {
      if (!channels.stream().allMatch(this::listen)) {
        throw problem().refusal();
      }
    }

    /** Why it may not: no valid grant at all, or none for the channel. */
    Problem problem() {
      return grants.isEmpty()
          ? Problem.of(401, "grant-required", "A grant is needed",
              "Send a valid grant as Authorization: Bearer, or as a cookie sc_grant_….")
          : Problem.of(403, "channel-denied", "Not this channel",
              "None of the grants sent is for one of the channels asked for.");
    }
  }
}
