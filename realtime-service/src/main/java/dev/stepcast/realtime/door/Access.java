package dev.stepcast.realtime.door;

import dev.stepcast.platform.grant.Grant;
import dev.stepcast.platform.grant.Grant.Right;
import dev.stepcast.platform.grant.Grants;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
    /** The same and what {@code grant} gives. */
    Rights with(Grant grant) {
      var more = new ArrayList<>(grants);
      more.add(grant);
      return new Rights(policies, more);
    }

    /** Whether it may listen to {@code channel} now. */
    boolean listen(String channel, Instant now) {
      return until(channel).isAfter(now);
    }

    /** Whether one of its grants gives {@code right} on {@code channel} now. */
    boolean has(String channel, Right right, Instant now) {
      return grants.stream()
          .anyMatch(grant -> grant.allows(channel, right) && grant.expiresAt().isAfter(now));
    }

    /** Until when it may listen to all of {@code channels}. */
    Instant until(List<String> channels) {
      return channels.stream().map(this::until).min(Comparator.naturalOrder())
          .orElse(Instant.MAX);
    }

    /** Throws the refusal unless it may listen to all of {@code channels}. */
    void demand(List<String> channels, Instant now) {
      if (!until(channels).isAfter(now)) {
        throw problem().refusal();
      }
    }

    /** Who the client is: the subject of its first grant, empty for none. */
    String subject() {
      return grants.isEmpty() ? "" : grants.getFirst().subject();
    }

    /** Why it may not: no valid grant at all, or none for the channel. */
    Problem problem() {
      return grants.isEmpty()
          ? Problem.of(401, "grant-required", "A grant is needed",
              "Send a valid grant as Authorization: Bearer, or as a cookie sc_grant_….")
          : Problem.of(403, "channel-denied", "Not this channel",
              "None of the grants sent is for one of the channels asked for.");
    }

    private Instant until(String channel) {
      if (policies.of(channel).access() == ChannelPolicies.Access.PUBLIC) {
        return Instant.MAX;
      }
      return grants.stream().filter(grant -> grant.allows(channel, Right.SUBSCRIBE))
          .map(Grant::expiresAt).max(Comparator.naturalOrder()).orElse(Instant.MIN);
    }
  }
}
