package dev.stepcast.platform.cluster;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The one TLS identity that all nodes of a cluster share: a P-256 key derived from the secret, and
 * a certificate (X.509 v1, RFC 5280 section 4.1) that this key signed. Every node makes it for
 * itself, so there is nothing to hand out but the secret.
 *
 * @param key         PKCS #8, PEM
 * @param certificate X.509, PEM
 */
record Identity(Buffer key, Buffer certificate) {
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OBJECT_ID = 0x06;
  private static final int UTF8_STRING = 0x0C;
  private static final int GENERALIZED_TIME = 0x18;
  private static final byte[] ECDSA_WITH_SHA256 = {0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x04,
      0x03, 0x02};
  private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};
  private static final String NAME = "stepcast cluster";

  static Identity of(String secret) {
    try {
      var pair = pair(secret);
      return new Identity(pem("PRIVATE KEY", pair.getPrivate().getEncoded()),
          pem("CERTIFICATE", certificate(pair)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key generator's only source of chance is the secret, so it makes the same key for all. */
  private static KeyPair pair(String secret) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC", "SunEC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), new Stream(secret));
    return generator.generateKeyPair();
  }

  private static byte[] certificate(KeyPair pair) throws GeneralSecurityException {
    var algorithm = der(SEQUENCE, der(OBJECT_ID, ECDSA_WITH_SHA256));
    var name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OBJECT_ID, COMMON_NAME),
        der(UTF8_STRING, NAME.getBytes(StandardCharsets.UTF_8)))));
    var validity = der(SEQUENCE, time("20000101000000Z"), time("99991231235959Z"));
    var body = der(SEQUENCE, der(INTEGER, BigInteger.ONE.toByteArray()), algorithm, name, validity,
        name, pair.getPublic().getEncoded());
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(body);
    return der(SEQUENCE, body, algorithm, der(BIT_STRING, new byte[1], signature.sign()));
  }

  private static byte[] time(String text) {
    return der(GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** One DER value (ITU-T X.690): tag, length, contents. */
  private static byte[] der(int tag, byte[]... parts) {
    var contents = new ByteArrayOutputStream();
    for (var part : parts) {
      contents.writeBytes(part);
    }
    var value = new ByteArrayOutputStream();
    value.write(tag);
    int length = contents.size();
    if (length < 0x80) {
      value.write(length);
    } else {
      var digits = BigInteger.valueOf(length).toByteArray();
      int from = digits[0] == 0 ? 1 : 0;
      value.write(0x80 | digits.length - from);
      value.write(digits, from, digits.length - from);
    }
    value.writeBytes(contents.toByteArray());
    return value.toByteArray();
  }

  private static Buffer pem(String what, byte[] der) {
    return Buffer.buffer("-----BEGIN " + what + "-----\n"
        + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der) + "\n-----END " + what
        + "-----\n");
  }

  /** Bytes that look random and follow from a secret: HMAC-SHA-256 over a counter. */
  private static final class Stream extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final transient Mac mac;
    private int block;

    Stream(String secret) throws GeneralSecurityException {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    }

    @Override
    public void nextBytes(byte[] bytes) {
      for (int at = 0; at < bytes.length;) {
        var more = mac.doFinal(("stepcast bus key " + block++).getBytes(StandardCharsets.UTF_8));
        int some = Math.min(more.length, bytes.length - at);
        System.arraycopy(more, 0, bytes, at, some);
        at += some;
      }
    }
  }
}
