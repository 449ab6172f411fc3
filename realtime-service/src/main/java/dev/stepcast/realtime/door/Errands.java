package dev.stepcast.realtime.door;

import dev.stepcast.platform.grant.Grant.Right;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.realtime.door.Access.Rights;
import dev.stepcast.schemas.ClientFrame;
import dev.stepcast.schemas.ServerFrame;
import dev.stepcast.schemas.WireException;
import io.vertx.core.Future;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one WebSocket client asks for beside listening: events published, who is there. */
final class Errands {
  private final Stream stream;
  private final Services services;

  /** What all connections of a loop use. */
  record Services(Publishing publishing, Presences presences) {}

  Errands(Stream stream, Services services) {
    this.stream = stream;
    this.services = services;
  }

  /** Reads one frame of a known type; throws the refusal 422 where it does not fit its schema. */
  ClientFrame read(String type, String text) {
    return services.publishing.read(type, text);
  }

  void publish(ClientFrame.Publish frame, @Nullable Rights rights, Instant now) {
    if (rights == null || !rights.has(frame.channel(), Right.PUBLISH, now)) {
      refuse(
          (rights == null || rights.grants().isEmpty() ? Frames.grantNeeded("p") : Frames.denied())
              .refusal(),
          frame.ref());
      return;
    }
    answer(services.publishing.publish(frame, rights.publisher(frame.channel()))
        .map(id -> new ServerFrame.Published(id, frame.ref())), frame.ref());
  }

  /** Tells who is there, and from now on who comes and who goes. */
  void presence(ClientFrame.Presence frame, @Nullable Rights rights) {
    var channel = frame.channel();
    var no = services.presences.refusal(rights, channel);
    if (no.isPresent()) {
      refuse(no.get().refusal(), frame.ref());
      return;
    }
    stream.audience().watch(stream.listener(), channel, true);
    answer(services.presences.members(channel, frame.ref()), frame.ref());
  }

  void refuse(Throwable cause, @Nullable String ref) {
    var problem = cause instanceof WireException
        ? Problem.of(422, "invalid", "The frame does not fit its schema", "Check its members.")
        : Problem.in(cause).orElse(null);
    if (problem == null) {
      stream.fault(cause);
    } else {
      stream.tell(new ServerFrame.Problem(Frames.body(problem), ref));
    }
  }

  private void answer(Future<? extends ServerFrame> answer, @Nullable String ref) {
    answer.onSuccess(stream::tell).onFailure(cause -> refuse(cause, ref));
  }
}
