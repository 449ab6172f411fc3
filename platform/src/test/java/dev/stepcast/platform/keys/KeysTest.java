package dev.stepcast.platform.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class KeysTest {
  @Test
  void the_checksum_is_the_one_of_the_redis_cluster_specification() {
    assertThat(Keys.crc16("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo(0x31C3);
  }

  @Test
  void everything_about_a_name_lies_under_one_hash_tag() {
    var keys = new Keys("sc", 16);
    var tag = "sc:{" + keys.partition("wfr_1") + "}:";
    assertThat(keys.slot("wfr_1").key("run", "wfr_1")).isEqualTo(tag + "run:wfr_1");
    assertThat(keys.channel("wfr_1")).isEqualTo(tag + "ch:wfr_1");
    assertThat(keys.keeper("wfr_1")).isEqualTo(tag + "run:wfr_1");
    assertThat(keys.keeper("order-1"))
        .isEqualTo(keys.slot("order-1").key("tail", "order-1"));
  }
}
