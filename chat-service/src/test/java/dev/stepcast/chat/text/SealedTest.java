package dev.stepcast.chat.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The form of encrypted texts, made here as docs/ROOMS.md says it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SealedTest {
  private static final String ROOM = "room_00000000000000000000000000";
  private static final String MEMBER = "mem_00000000000000000000000000";

  @Test
  void the_example_of_the_document_is_what_its_recipe_makes() throws Exception {
    var sealed = seal("héllo", 1);
    assertThat(Files.readString(Path.of("../docs/ROOMS.md"))).contains(sealed);
    assertThat(Text.of(sealed).orElseThrow()).returns(sealed, Text::value)
        .returns(true, Text::sealed);
  }

  @Test
  void the_longest_text_fits() throws Exception {
    assertThat(seal("x".repeat(3_007), 999_999_999_999_999L).length())
        .isLessThanOrEqualTo(Text.BYTES_MAX);
    assertThat(Text.of(seal("x".repeat(3_007), 1)).orElseThrow().sealed()).isTrue();
  }

  private static String seal(String text, long counter) throws Exception {
    var plain = text.getBytes(UTF_8);
    var padded = Arrays.copyOf(plain, (plain.length + 64) / 64 * 64);
    padded[plain.length] = 1;
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    var iv = counting(12);
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(counting(32), "AES"),
        new GCMParameterSpec(128, iv));
    cipher.updateAAD(("stepcast-room-v1|" + ROOM + "|" + MEMBER + "|" + counter).getBytes(UTF_8));
    return "e1." + counter + "." + encode(iv) + "." + encode(cipher.doFinal(padded));
  }

  /** Bytes 0, 1, 2, … */
  private static byte[] counting(int length) {
    var bytes = ByteBuffer.allocate(length);
    for (int i = 0; i < length; i++) {
      bytes.put((byte) i);
    }
    return bytes.array();
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
