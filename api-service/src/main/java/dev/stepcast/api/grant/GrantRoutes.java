package dev.stepcast.api.grant;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.grant.Grant;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.schemas.ChannelRight;
import dev.stepcast.schemas.GrantAnswer;
import dev.stepcast.schemas.GrantRequest;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** {@code POST /api/grants}: signs a grant, and sets it as a cookie where asked to. */
public final class GrantRoutes {
  private static final int BODY_BYTES_MAX = 64 * 1024;

  private final Platform platform;

  /** Signs with {@code platform}'s secret. */
  public GrantRoutes(Platform platform) {
    this.platform = platform;
  }

  /** Adds the route. */
  public void mount(Router router) {
    var door = platform.http();
    door.json(router.post("/api/grants").handler(door::requireToken), "requests/grant",
        BODY_BYTES_MAX).handler(this::grant);
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
