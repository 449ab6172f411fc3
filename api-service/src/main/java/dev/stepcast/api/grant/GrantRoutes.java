package dev.stepcast.api.grant;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.grant.Grant;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.revocation.Revocations;
import dev.stepcast.schemas.ChannelRight;
import dev.stepcast.schemas.GrantAnswer;
import dev.stepcast.schemas.GrantRequest;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Signs grants, sets them as cookies where asked to, and takes rights back that they gave. */
public final class GrantRoutes {
  private static final int BODY_BYTES_MAX = 64 * 1024;
  private static final int SUBJECT_MAX = 200;
  /** As long as the longest grant. */
  private static final Duration REVOKED = Duration.ofDays(1);

  private final Platform platform;
  private final Revocations revocations;

  /** Signs with {@code platform}'s secret. */
  public GrantRoutes(Platform platform) {
    this.platform = platform;
    this.revocations = new Revocations(platform.redis(), platform.keys());
  }

  /** Adds the routes. */
  public void mount(Router router) {
    var door = platform.http();
    door.json(router.post("/api/grants").handler(door::requireToken), "requests/grant",
        BODY_BYTES_MAX).handler(this::grant);
    HttpDoor.query(router.delete("/api/grants"), "subject", "channel").handler(door::requireToken)
        .handler(this::revoke);
  }

  private void revoke(RoutingContext ctx) {
    var subject = ctx.request().getParam("subject", "");
    var channel = ctx.request().getParam("channel", "");
    if (subject.isBlank() || subject.length() > SUBJECT_MAX) {
      throw unreadable("subject: want whose right, 1 to " + SUBJECT_MAX + " characters.");
    }
    if (!ChannelName.valid(channel) || channel.endsWith("*")) {
      throw unreadable("channel: want the name of one channel, no pattern.");
    }
    revocations.revoke(new ChannelName(channel), subject, REVOKED).onFailure(ctx::fail)
        .onSuccess(_ -> ctx.response().setStatusCode(204).end());
  }

  private static RuntimeException unreadable(String detail) {
    return Problem.of(400, "bad-parameter", "A parameter of the query cannot be read", detail)
        .refusal();
  }

  private void grant(RoutingContext ctx) {
    var request = platform.http().required(ctx, GrantRequest.class);
    var expiresAt = platform.clock().instant().plusMillis(request.ttlMs());
    var grant = new Grant(request.subject(), UUID.randomUUID().toString(), expiresAt,
        letters(request.channels()));
    var token = platform.grants().sign(grant);
    if (request.cookie() != null) {
      ctx.response().addCookie(platform.grants().cookie(request.cookie(), token, expiresAt));
    }
    HttpDoor.answer(ctx, 201,
        Future.succeededFuture(new GrantAnswer(token, expiresAt.toEpochMilli())));
  }

  private static Map<String, String> letters(Map<String, List<ChannelRight>> channels) {
    var letters = new HashMap<String, String>();
    channels.forEach((pattern, rights) -> letters.put(pattern, rights.stream().distinct()
        .map(right -> String.valueOf(Grant.Right.valueOf(right.name()).letter()))
        .collect(Collectors.joining())));
    return letters;
  }
}
