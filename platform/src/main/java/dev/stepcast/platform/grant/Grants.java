package dev.stepcast.platform.grant;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signs and verifies grants: JWT, HS256 (RFC 7519), one secret for the whole deployment. */
public final class Grants {
  /** What the names of cookies that carry a grant begin with. */
  public static final String COOKIE = "sc_grant_";

  private static final String BEARER = "Bearer ";
  private static final int TOKEN_CHARS_MAX = 8_192;

  private final JWTAuth jwt;
  private final InstantSource clock;
  /** Tokens that were good: browsers come back with the same ones, often all at once. */
  private final Map<String, Grant> verified = Collections.synchronizedMap(new Latest());
  private final boolean secureCookies;

  /**
   * @param secret        32 bytes or more
   * @param clock         by which grants end; all that share the secret want the same
   * @param secureCookies whether cookies are for https only
   */
  public Grants(Vertx vertx, byte[] secret, InstantSource clock, boolean secureCookies) {
    this.jwt = JWTAuth.create(vertx, new JWTAuthOptions().addPubSecKey(
        new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(Buffer.buffer(secret)))
        .setJWTOptions(new JWTOptions().setIgnoreExpiration(true))); // it would ask the machine
    this.clock = clock;
    this.secureCookies = secureCookies;
  }

  /** The signed form of {@code grant}. */
  public String sign(Grant grant) {
    var channels = new JsonObject();
    grant.channels().forEach(channels::put);
    return jwt.generateToken(new JsonObject().put("sub", grant.subject()).put("jti", grant.id())
        .put("iat", clock.instant().getEpochSecond())
        .put("exp", grant.expiresAt().getEpochSecond()).put("ch", channels),
        new JWTOptions().setAlgorithm("HS256").setNoTimestamp(true));
  }

  /** What {@code token} grants; null when it is not ours, broken or expired. Never fails. */
  public Future<@Nullable Grant> verify(String token) {
    if (token.length() > TOKEN_CHARS_MAX) {
      return Future.succeededFuture(null);
    }
    var known = verified.get(token);
    if (known != null) {
      return Future.succeededFuture(ended(known) ? null : known);
    }
    return jwt.authenticate(new TokenCredentials(token))
        .map(user -> judged(token, user.attributes().getJsonObject("accessToken")))
        .otherwise((@Nullable Grant) null);
  }

  /** Others who have the secret may sign grants that begin later. */
  private @Nullable Grant judged(String token, JsonObject claims) {
    var grant = read(claims);
    if (ended(grant) || claims.getLong("nbf", 0L) > clock.instant().getEpochSecond()) {
      return null;
    }
    verified.put(token, grant);
    return grant;
  }

  private boolean ended(Grant grant) {
    return !grant.expiresAt().isAfter(clock.instant());
  }

  /**
   * The valid grants that a request carries: its bearer token and every cookie whose name begins
   * with {@value #COOKIE}. What is not valid is left out.
   */
  public Future<List<Grant>> carriedBy(HttpServerRequest request) {
    var tokens = new ArrayList<String>();
    var authorization = request.getHeader("Authorization");
    if (authorization != null && authorization.startsWith(BEARER)) {
      tokens.add(authorization.substring(BEARER.length()));
    }
    request.cookies().stream().filter(cookie -> cookie.getName().startsWith(COOKIE))
        .map(Cookie::getValue).forEach(tokens::add);
    var grants = new ArrayList<Grant>();
    Future<?> all = Future.succeededFuture();
    for (var token : tokens) {
      all = all.compose(_ -> verify(token)).onSuccess(grant -> {
        if (grant != null) {
          grants.add(grant);
        }
      });
    }
    return all.map(_ -> List.copyOf(grants));
  }

  /** A cookie that carries {@code token}, readable by servers only, for the API's paths. */
  public Cookie cookie(String name, String token, Instant expiresAt) {
    var age = Math.max(0, expiresAt.getEpochSecond() - clock.instant().getEpochSecond());
    return Cookie.cookie(COOKIE + name, token).setHttpOnly(true).setPath("/api")
        .setSameSite(io.vertx.core.http.CookieSameSite.LAX).setSecure(secureCookies)
        .setMaxAge(age);
  }

  private static final class Latest extends LinkedHashMap<String, Grant> {
    private static final long serialVersionUID = 1;
    private static final int COUNT_MAX = 4_096;
    private static final int CHARS_MAX = 1_024;

    Latest() {
      super(16, 0.75f, true);
    }

    @Override
    public @Nullable Grant put(String token, Grant grant) {
      return token.length() > CHARS_MAX ? null : super.put(token, grant);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Grant> eldest) {
      return size() > COUNT_MAX;
    }
  }

  private static Grant read(JsonObject claims) {
    Map<String, String> channels = new LinkedHashMap<>();
    claims.getJsonObject("ch", new JsonObject())
        .forEach(entry -> channels.put(entry.getKey(), String.valueOf(entry.getValue())));
    return new Grant(claims.getString("sub", ""), claims.getString("jti", ""),
        Instant.ofEpochSecond(claims.getLong("exp", 0L)), channels);
  }
}
