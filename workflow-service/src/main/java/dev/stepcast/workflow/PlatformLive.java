package dev.stepcast.workflow;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.schema.SchemaBook;
import dev.stepcast.workflow.execution.Surroundings.Live;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/** What authors emit, checked and told; a run's channel keeps its history as long as the run. */
record PlatformLive(SchemaBook schemas, ChannelLog channels) implements Live {
  private static final int BYTES_MAX = 256 * 1024;
  private static final History ALL = new History(0, Duration.ZERO);

  @Override
  public Optional<String> complaint(String event, String json) {
    var bytes = Buffer.buffer(json);
    if (bytes.length() > BYTES_MAX) {
      return Optional.of("its data has " + bytes.length() + " bytes, the most is " + BYTES_MAX);
    }
    return schemas.eventComplaint(event, SchemaBook.parse(bytes))
        .map(problem -> problem.kind() + ": " + problem.detail());
  }

  @Override
  public Future<?> tell(String channel, String event, String json, String key) {
    return channels.append(new ChannelName(channel), new Emit(event, json, key), ALL);
  }
}
