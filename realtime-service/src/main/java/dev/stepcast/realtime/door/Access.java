package dev.stepcast.realtime.door;

import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.grant.Grant;
import dev.stepcast.platform.grant.Grant.Right;
import dev.stepcast.platform.grant.Grants;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.revocation.Revocations;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may do what on which channel.
 *
 * @param policies what holds where no grant is needed
 */
record Access(Grants grants, ChannelPolicies policies, Revocations revocations) {
  /** What the grants that {@code request} carries allow. */
  Future<Rights> of(HttpServerRequest request) {
    return grants.carriedBy(request).map(carried -> new Rights(policies, carried, Map.of()));
  }

  /** {@code rights} without what has been revoked on {@code channels}. */
  Future<Rights> checked(Rights rights, List<String> channels) {
    var left = Future.succeededFuture(rights);
    for (var channel : channels) {
      if (rights.byGrant(channel)) {
        left = left.compose(now -> revocations.of(new ChannelName(channel))
            .map(subjects -> now.without(channel, subjects)));
      }
    }
    return left;
  }

  /**
   * What one client may do.
   *
   * @param revoked channel to subjects whose right to it has ended
   */
  record Rights(ChannelPolicies policies, List<Grant> grants,
      Map<String, Set<String>> revoked) {
    /** The same and what {@code grant} gives. */
    Rights with(Grant grant) {
      var more = new ArrayList<>(grants);
      more.add(grant);
      return new Rights(policies, more, revoked);
    }

    /** The same without what grants of {@code subjects} give on {@code channel}. */
    Rights without(String channel, Set<String> subjects) {
      if (subjects.isEmpty()) {
        return this;
      }
      var less = new HashMap<>(revoked);
      less.merge(channel, subjects, (some, others) -> Stream.concat(some.stream(),
          others.stream()).collect(Collectors.toUnmodifiableSet()));
      return new Rights(policies, grants, less);
    }

    /** Whether a grant is what lets it listen to {@code channel}. */
    boolean byGrant(String channel) {
      return policies.of(channel).access() == ChannelPolicies.Access.GRANT;
    }

    /** Whether it may listen to {@code channel} now. */
    boolean listen(String channel, Instant now) {
      return until(channel).isAfter(now);
    }

    /** Whether one of its grants gives {@code right} on {@code channel} now. */
    boolean has(String channel, Right right, Instant now) {
      return valid(channel, right).anyMatch(grant -> grant.expiresAt().isAfter(now));
    }

    /** Whether it may see who is on {@code channel}, where that is kept. */
    boolean see(String channel, Instant now) {
      return !byGrant(channel) || has(channel, Right.PRESENCE, now);
    }

    /** Who listens to {@code channel}: the subject of what lets it; empty for nobody known. */
    String who(String channel) {
      return valid(channel, Right.SUBSCRIBE).map(Grant::subject).findFirst().orElse(subject());
    }

    /** Who publishes on {@code channel}: the subject of what lets it. */
    String publisher(String channel) {
      return valid(channel, Right.PUBLISH).map(Grant::subject).findFirst().orElse("");
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

    /** Whether one of its grants is {@code subject}'s. */
    boolean carries(String subject) {
      return grants.stream().anyMatch(grant -> grant.subject().equals(subject));
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
      if (!byGrant(channel)) {
        return Instant.MAX;
      }
      return valid(channel, Right.SUBSCRIBE).map(Grant::expiresAt).max(Comparator.naturalOrder())
          .orElse(Instant.MIN);
    }

    private Stream<Grant> valid(String channel, Right right) {
      var out = revoked.getOrDefault(channel, Set.of());
      return grants.stream().filter(
          grant -> grant.allows(channel, right) && !out.contains(grant.subject()));
    }
  }
}
