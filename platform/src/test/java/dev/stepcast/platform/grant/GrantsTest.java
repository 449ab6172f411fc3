package dev.stepcast.platform.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.platform.grant.Grant.Right;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class GrantsTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final Vertx vertx = Vertx.vertx();
  private final Grants grants = grants(SECRET);

  @AfterAll
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void what_was_signed_is_what_is_verified() throws Exception {
    var grant = grant(Duration.ofHours(1));
    var verified = verify(grants.sign(grant));
    assertThat(verified).isEqualTo(grant);
    assertThat(verified.allows("room_1", Right.SUBSCRIBE)).isTrue();
    assertThat(verified.allows("room_1", Right.PUBLISH)).isFalse();
    assertThat(verified.allows("order-77", Right.PUBLISH)).isTrue();
  }

  @Test
  void an_expired_forged_or_broken_token_grants_nothing() throws Exception {
    assertThat(verify(grants.sign(grant(Duration.ofHours(-1))))).isNull();
    assertThat(verify(grants("another-secret-of-thirty-two-byte").sign(grant(
        Duration.ofHours(1))))).isNull();
    assertThat(verify("a.b.c")).isNull();
    assertThat(verify("")).isNull();
  }

  /** The machine's clock may be hours wrong, whatever it says now. */
  @Test
  void a_grant_ends_by_the_clock_that_is_given_alone() throws Exception {
    var grant = grant(Duration.ofDays(-9));
    var before = grants(InstantSource.fixed(grant.expiresAt().minusSeconds(1)));
    var after = grants(InstantSource.fixed(grant.expiresAt()));
    assertThat(verify(before, after.sign(grant))).isEqualTo(grant);
    assertThat(verify(after, before.sign(grant))).isNull();
    var future = grant(Duration.ofDays(9));
    assertThat(verify(before, grants.sign(future))).isEqualTo(future);
    assertThat(verify(grants(InstantSource.fixed(Instant.MAX)), grants.sign(future))).isNull();
  }

  @Test
  void a_grant_of_others_may_begin_later() throws Exception {
    var jwt = JWTAuth.create(vertx, new JWTAuthOptions().addPubSecKey(
        new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(SECRET)));
    var claims = new JsonObject().put("exp", 2_000L).put("ch", new JsonObject());
    var token = jwt.generateToken(claims.put("nbf", 1_000L));
    assertThat(verify(grants(InstantSource.fixed(Instant.ofEpochSecond(999))), token)).isNull();
    assertThat(verify(grants(InstantSource.fixed(Instant.ofEpochSecond(1_000))), token))
        .isNotNull();
  }

  private Grants grants(InstantSource clock) {
    return new Grants(vertx, SECRET.getBytes(StandardCharsets.UTF_8), clock, false);
  }

  private Grants grants(String secret) {
    return new Grants(vertx, secret.getBytes(StandardCharsets.UTF_8), Clock.systemUTC(), false);
  }

  private static Grant grant(Duration life) {
    return new Grant("ada", "g1", Instant.now().plus(life).truncatedTo(ChronoUnit.SECONDS),
        Map.of("room_1", "s", "order-*", "sp"));
  }

  private Grant verify(String token) throws Exception {
    return verify(grants, token);
  }

  private static Grant verify(Grants grants, String token) throws Exception {
    return grants.verify(token).toCompletionStage().toCompletableFuture().get(20,
        TimeUnit.SECONDS);
  }
}
