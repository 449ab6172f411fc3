package dev.stepcast.api.emit;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.NoSuchChannel;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.schema.SchemaBook;
import dev.stepcast.schemas.EmitAnswer;
import dev.stepcast.schemas.EmitOutcome;
import dev.stepcast.schemas.EmitRefused;
import dev.stepcast.schemas.EmitRequest;
import dev.stepcast.schemas.ProblemBody;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /api/emit}: one event, or up to 100 of them. An event is held against its schema
 * before anything is stored; in a batch each one succeeds or is refused by itself, in order.
 */
public final class EmitRoutes {
  private static final int BODY_BYTES_MAX = 4 * 1024 * 1024;
  private static final int DATA_BYTES_MAX = 256 * 1024;

  private final HttpDoor door;
  private final SchemaBook schemas;
  private final ChannelLog channels;
  private final ChannelPolicies policies;

  /** Emits through {@code platform}, keeping history by {@code policies}. */
  public EmitRoutes(Platform platform, ChannelPolicies policies) {
    this.door = platform.http();
    this.schemas = platform.schemas();
    this.channels = platform.channels();
    this.policies = policies;
  }

  /** Adds the route. */
  public void mount(Router router) {
    door.json(router.post("/api/emit").handler(door::requireToken),
        body -> isBatch(body) ? "requests/emitBatch" : "requests/emit", BODY_BYTES_MAX)
        .handler(this::emit);
  }

  private void emit(RoutingContext ctx) {
    if (ctx.body().buffer() != null && isBatch(ctx.body().buffer())) {
      var batch = door.required(ctx, EmitRequest[].class);
      HttpDoor.answer(ctx, 200, all(Arrays.asList(batch)));
    } else {
      HttpDoor.answer(ctx, 200, one(door.required(ctx, EmitRequest.class)));
    }
  }

  private Future<EmitAnswer> one(EmitRequest request) {
    var complaint = complaint(request);
    if (complaint.isPresent()) {
      return Future.failedFuture(complaint.get().refusal());
    }
    var channel = request.channelOrDefault();
    var emit = new Emit(request.event(), request.dataOrNull().text(), request.key());
    var policy = policies.of(channel);
    return channels
        .append(new ChannelName(channel), emit, policy.history(), policy.rates().quota(null))
        .map(emitted -> new EmitAnswer(emitted.id(), emitted.duplicate()))
        .recover(cause -> Future.failedFuture(
            cause instanceof NoSuchChannel ? unknownChannel().refusal() : cause));
  }

  /** All at once, so that they share round trips; a channel's own stay in order. */
  private Future<List<EmitOutcome>> all(List<EmitRequest> batch) {
    var outcomes = batch.stream().map(this::outcome).toList();
    return Future.all(outcomes).map(_ -> outcomes.stream().map(Future::result).toList());
  }

  private Future<EmitOutcome> outcome(EmitRequest request) {
    return one(request).<EmitOutcome>map(answer -> answer).recover(cause -> Problem.in(cause)
        .<Future<EmitOutcome>>map(problem -> Future.succeededFuture(refused(problem)))
        .orElseGet(() -> Future.failedFuture(cause)));
  }

  private static EmitRefused refused(Problem problem) {
    return new EmitRefused(Wire.decode(problem.toJson().encode(), ProblemBody.class));
  }

  private Optional<Problem> complaint(EmitRequest request) {
    var data = request.dataOrNull().text();
    if (data.getBytes(StandardCharsets.UTF_8).length > DATA_BYTES_MAX) {
      return Optional.of(new Problem(413, "event-too-large", "The event's data is too large",
          "The most is " + DATA_BYTES_MAX + " bytes.", Map.of("bytesMax", DATA_BYTES_MAX)));
    }
    return schemas.eventComplaint(request.event(), SchemaBook.parse(Buffer.buffer(data)));
  }

  private static Problem unknownChannel() {
    return Problem.of(404, "channel-unknown", "No such channel",
        "Names of runs and rooms are channels only while the run or room is kept.");
  }

  private static boolean isBatch(Buffer body) {
    for (int i = 0; i < body.length(); i++) {
      byte c = body.getByte(i);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c == '[';
      }
    }
    return false;
  }
}
