package dev.stepcast.workflow.endpoint;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs deliveries as {@code @upstash/qstash}'s Receiver checks them: a JWT, HS256, whose
 * {@code body} is the hash of the body. Made afresh for each attempt.
 */
final class Signature {
  private static final long VALID_S = 300;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private volatile byte[] key;
  private final InstantSource clock;

  Signature(String key, InstantSource clock) {
    this.key = key.getBytes(StandardCharsets.UTF_8);
    this.clock = clock;
  }

  /** Signs with {@code other} from now on. */
  void use(String other) {
    key = other.getBytes(StandardCharsets.UTF_8);
  }

  String of(String url, Buffer body) {
    long now = clock.instant().getEpochSecond();
    var claims = new JsonObject().put("iss", "Upstash").put("sub", url).put("exp", now + VALID_S)
        .put("nbf", 0).put("iat", now).put("jti", "jwt_" + UUID.randomUUID())
        .put("body", hash(body));
    var text = part(new JsonObject().put("alg", "HS256").put("typ", "JWT")) + "." + part(claims);
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return text + "."
          + BASE64.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String part(JsonObject json) {
    return BASE64.encodeToString(json.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static String hash(Buffer body) {
    try {
      return Base64.getUrlEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(body.getBytes()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
