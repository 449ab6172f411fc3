package dev.stepcast.chat;

import dev.stepcast.chat.limit.Limits;
import dev.stepcast.chat.limit.Limits.Kind;
import dev.stepcast.chat.room.Rooms.Seat;
import dev.stepcast.platform.grant.Grant;
import dev.stepcast.platform.grant.Grant.Right;
import dev.stepcast.platform.grant.Grants;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Tells who a request is from, by the grant that its seat was given. */
final class Visitor {
  private final Grants grants;
  private final Duration tombstone;
  private final Limits limits;

  /** Grants live {@code tombstone} longer than their rooms, so that the end can be heard. */
  Visitor(Grants grants, Duration tombstone, Limits limits) {
    this.grants = grants;
    this.tombstone = tombstone;
    this.limits = limits;
  }

  /** The same as {@link #member}, counted against the address that asks. */
  Future<String> asking(RoutingContext ctx, String room) {
    return limits.count(Kind.ASK, ctx.request()).compose(_ -> member(ctx, room));
  }

  /** The member that the request's grant for exactly {@code room} names; empty for nobody. */
  Future<String> member(RoutingContext ctx, String room) {
    return grants.carriedBy(ctx.request()).map(carried -> carried.stream()
        .filter(grant -> grant.channels().containsKey(room)
            && grant.allows(room, Right.SUBSCRIBE))
        .map(Grant::subject).findFirst().orElse(""));
  }

  /** The cookie that proves {@code seat}: to us, and to whoever serves the room's channel. */
  Cookie cookie(String room, Seat seat) {
    var until = Instant.ofEpochMilli(seat.expiresAt()).plus(tombstone);
    var grant = new Grant(seat.member(), UUID.randomUUID().toString(), until,
        Map.of(room, "" + Right.SUBSCRIBE.letter() + Right.PRESENCE.letter()));
    return grants.cookie(room, grants.sign(grant), until);
  }

  /** Takes the proof back from a browser. */
  Cookie noCookie(String room) {
    return grants.cookie(room, "", Instant.EPOCH);
  }
}
