package dev.stepcast.realtime.door;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.presence.Presence;
import dev.stepcast.platform.presence.Presence.Present;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.realtime.door.Access.Rights;
import dev.stepcast.schemas.PresenceAnswer;
import dev.stepcast.schemas.PresentMember;
import dev.stepcast.schemas.ServerFrame;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is on a channel, for those who may know: {@code GET /api/realtime/presence?channel=&limit=},
 * and {@code members} frames. What many ask at the same time is read once.
 */
final class Presences {
  private static final int LIMIT = 100;
  private static final int LIMIT_MAX = 1_000;

  private final Platform platform;
  private final Access access;
  private final Presence presence;
  private final Map<String, Future<Present>> asked = new HashMap<>();

  Presences(Platform platform, Access access) {
    this.platform = platform;
    this.access = access;
    this.presence = new Presence(platform.redis(), platform.keys());
  }

  void mount(Router router) {
    HttpDoor.query(router.get("/api/realtime/presence"), "channel", "limit")
        .handler(this::answer);
  }

  /** Why {@code rights} do not allow to know who is on {@code channel}, if they do not. */
  Optional<Problem> refusal(@Nullable Rights rights, String channel) {
    if (!access.policies().of(channel).presence().kept()) {
      return Optional.of(Problem.of(404, "presence-off", "No presence here",
          "Presence is not kept for this channel."));
    }
    if (rights != null && rights.see(channel, platform.clock().instant())) {
      return Optional.empty();
    }
    return Optional.of(rights == null || rights.grants().isEmpty() ? Frames.grantNeeded("r")
        : Frames.denied());
  }

  /** Who is on {@code channel}, as the frame that answers {@code ref}. */
  Future<ServerFrame> members(String channel, @Nullable String ref) {
    return who(channel).map(there -> new ServerFrame.Members(channel, listed(there, LIMIT_MAX),
        there.version(), ref));
  }

  private void answer(RoutingContext ctx) {
    var query = new Query(ctx);
    var channel = query.channel();
    int limit = query.number("limit", LIMIT, LIMIT_MAX);
    HttpDoor.answer(ctx, 200, access.of(ctx.request())
        .compose(rights -> access.checked(rights, List.of(channel))).compose(rights -> {
          var no = refusal(rights, channel);
          if (no.isPresent() && (no.get().status() == 404 || !platform.http().carriesToken(ctx))) {
            throw no.get().refusal();
          }
          return limit == 0 ? presence.count(new ChannelName(channel)) : who(channel);
        }).map(there -> new PresenceAnswer(channel, there.count(), there.version(),
            listed(there, limit))));
  }

  private Future<Present> who(String channel) {
    var under = asked.get(channel);
    if (under != null) {
      return under;
    }
    var fresh = presence.of(new ChannelName(channel));
    asked.put(channel, fresh);
    return fresh.onComplete(_ -> asked.remove(channel, fresh));
  }

  private static List<PresentMember> listed(Present there, int limit) {
    return there.members().stream().limit(limit)
        .map(member -> new PresentMember(member.subject(), member.since().toEpochMilli()))
        .toList();
  }
}
