package dev.stepcast.realtime.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** How a WebSocket ends, byte by byte. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SocketProtocolTest {
  private RunningNode node;

  @BeforeAll
  void startNode() {
    node = RunningNode.start(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX",
        TestRedis.prefix()));
  }

  @AfterAll
  void stopNode() {
    node.close();
  }

  @Test
  void what_is_no_frame_of_the_protocol_closes_with_1002() throws IOException {
    assertThat(codeAfter(RawSocket.frame(0x83, new byte[3]))).as("a reserved opcode")
        .isEqualTo(1002);
    assertThat(codeAfter(RawSocket.frame(0xC1, new byte[3]))).as("compressed").isEqualTo(1002);
    assertThat(codeAfter(new byte[]{(byte) 0x81, 1, 'x'})).as("without a mask").isEqualTo(1002);
    assertThat(codeAfter(RawSocket.frame(0x89, new byte[126]))).as("a long ping").isEqualTo(1002);
  }

  @Test
  void what_is_far_too_large_closes_with_4413_whole_or_in_parts() throws IOException {
    assertThat(codeAfter(RawSocket.frame(RawSocket.TEXT, new byte[200 * 1024]))).isEqualTo(4413);
    var parts = new ByteArrayOutputStream();
    parts.writeBytes(RawSocket.frame(0x01, "x".repeat(70 * 1024).getBytes(UTF_8)));
    parts.writeBytes(RawSocket.frame(0x80, "x".repeat(70 * 1024).getBytes(UTF_8)));
    assertThat(codeAfter(parts.toByteArray())).isEqualTo(4413);
  }

  @Test
  void nothing_comes_behind_the_frame_that_closes() throws IOException {
    try (var socket = RawSocket.open(node.port())) {
      var flood = new ByteArrayOutputStream();
      for (int i = 0; i < 150; i++) { // more than are taken at once, and none is connected yet
        var frame = new JsonObject().put("type", "subscribe").put("channels",
            new JsonArray().add("flood-" + UUID.randomUUID()));
        flood.writeBytes(RawSocket.frame(RawSocket.TEXT, frame.encode().getBytes(UTF_8)));
      }
      socket.send(flood.toByteArray());
      var heard = socket.untilTheEnd();
      assertThat(heard.getLast().closes()).as("%s", heard.getLast()).isTrue();
      assertThat(heard.getLast().code()).isEqualTo(4129);
      assertThat(heard).filteredOn(RawSocket.Heard::closes).hasSize(1);
    }
  }

  private int codeAfter(byte[] bytes) throws IOException {
    try (var socket = RawSocket.open(node.port())) {
      socket.send(bytes);
      return socket.next().code();
    }
  }
}
