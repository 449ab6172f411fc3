package dev.stepcast.chat.passcode;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Hashes of passcodes: PBKDF2 with HMAC-SHA-512, a salt each, written as
 * {@code pbkdf2-sha512.<rounds>.<salt>.<hash>}. Hashing takes about a tenth of a second, so it
 * runs beside the event loops.
 */
public final class Passcodes {
  private static final String FORM = "pbkdf2-sha512";
  private static final int ROUNDS = 210_000; // OWASP Password Storage Cheat Sheet, 2023
  private static final int SALT_BYTES = 16;
  private static final int HASH_BITS = 256;

  private final Vertx vertx;
  private final SecureRandom random = new SecureRandom();

  /** Hashes on {@code vertx}' workers. */
  public Passcodes(Vertx vertx) {
    this.vertx = vertx;
  }

  /** What to keep of {@code passcode}. */
  public Future<String> hash(String passcode) {
    var salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return vertx.executeBlocking(() -> FORM + "." + ROUNDS + "." + encode(salt) + "."
        + encode(derive(passcode, salt, ROUNDS)), false);
  }

  /** Whether {@code passcode} is the one that {@code hash} was made of. */
  public Future<Boolean> fits(String passcode, String hash) {
    var parts = hash.split("\\.", 4);
    return vertx.executeBlocking(() -> MessageDigest.isEqual(
        Base64.getUrlDecoder().decode(parts[3]),
        derive(passcode, Base64.getUrlDecoder().decode(parts[2]), Integer.parseInt(parts[1]))),
        false);
  }

  /** However it is typed, the same characters are the same passcode. */
  private static byte[] derive(String passcode, byte[] salt, int rounds)
      throws GeneralSecurityException {
    var form = Normalizer.normalize(passcode, Normalizer.Form.NFKC).toCharArray();
    return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
        .generateSecret(new PBEKeySpec(form, salt, rounds, HASH_BITS)).getEncoded();
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
