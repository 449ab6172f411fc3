package dev.stepcast.realtime.door;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.NoSuchChannel;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.schema.SchemaBook;
import dev.stepcast.schemas.ClientFrame;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Frames of clients, held against their schemas, and the events that some of them publish.
 *
 * @param policies how much history a channel keeps
 */
record Publishing(Platform platform, ChannelPolicies policies) {
  /** Events that only our own services make: a client cannot forge them. */
  private static final List<String> OURS = List.of("workflow.", "chat.", "realtime.");

  /** Reads one frame of a known type; throws the refusal 422 where it does not fit its schema. */
  ClientFrame read(String type, String text) {
    platform.schemas().check("frames/client/" + type, Buffer.buffer(text));
    return Wire.decode(text, ClientFrame.class);
  }

  /** Stores the event of {@code subject}; answers its id. */
  Future<String> publish(ClientFrame.Publish frame, String subject) {
    if (OURS.stream().anyMatch(frame.event()::startsWith)) {
      return Future.failedFuture(Problem.of(403, "event-reserved", "Not an event of clients",
          "Events workflow.*, chat.* and realtime.* are made by the services.").refusal());
    }
    var data = frame.data().text();
    var complaint = platform.schemas().eventComplaint(frame.event(),
        SchemaBook.parse(Buffer.buffer(data)));
    if (complaint.isPresent()) {
      return Future.failedFuture(complaint.get().refusal());
    }
    var policy = policies.of(frame.channel());
    return platform.channels()
        .append(new ChannelName(frame.channel()), new Emit(frame.event(), data, frame.key()),
            policy.history(), policy.rates().quota(subject))
        .map(emitted -> emitted.id())
        .recover(cause -> Future.failedFuture(cause instanceof NoSuchChannel
            ? Problem.of(404, "channel-unknown", "No such channel",
                "Names of runs and rooms are channels only while the run or room is kept.")
                .refusal()
            : cause));
  }
}
