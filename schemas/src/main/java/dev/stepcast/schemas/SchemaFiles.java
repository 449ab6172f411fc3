package dev.stepcast.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The schema files on the class path, below {@code schemas/}. */
public final class SchemaFiles {
  /** What the {@code $id} of every file begins with; the rest is its name in {@link #all}. */
  public static final String BASE = "https://stepcast.dev/schemas/";

  private static final List<String> ALL = """
    answers/bulk.json
    answers/connections.json
    answers/connectionsClosed.json
    answers/emit.json
    answers/emitBatch.json
    answers/emitRefused.json
    answers/flow.json
    answers/flowKeys.json
    answers/grant.json
    answers/history.json
    answers/newRun.json
    answers/nodes.json
    answers/notify.json
    answers/presence.json
    answers/realtimeStats.json
    answers/room.json
    answers/roomCreated.json
    answers/roomJoined.json
    answers/roomMessagePosted.json
    answers/roomMessages.json
    answers/run.json
    answers/runHead.json
    answers/runs.json
    answers/schedule.json
    answers/schedules.json
    answers/schemas.json
    answers/subscriptionsEnded.json
    answers/trigger.json
    answers/waiters.json
    answers/why.json
    answers/workflows.json
    channels-config.json
    events/chat/delete.json
    events/chat/destroy.json
    events/chat/edit.json
    events/chat/join.json
    events/chat/leave.json
    events/chat/lock.json
    events/chat/message.json
    events/chat/presence.json
    events/chat/read.json
    events/chat/typing.json
    events/note.json
    events/order/progress.json
    events/realtime/gap.json
    events/realtime/join.json
    events/realtime/leave.json
    events/workflow/listChanged.json
    events/workflow/runCancel.json
    events/workflow/runFail.json
    events/workflow/runFinish.json
    events/workflow/runSleep.json
    events/workflow/runStart.json
    events/workflow/runWait.json
    events/workflow/stepFail.json
    events/workflow/stepFinish.json
    events/workflow/stepStart.json
    frames/client/ping.json
    frames/client/presence.json
    frames/client/publish.json
    frames/client/subscribe.json
    frames/client/unsubscribe.json
    frames/server/connected.json
    frames/server/denied.json
    frames/server/ephemeral.json
    frames/server/event.json
    frames/server/members.json
    frames/server/ping.json
    frames/server/problem.json
    frames/server/published.json
    frames/server/reconnect.json
    frames/server/unsubscribed.json
    parts/attempt.json
    parts/channelPolicy.json
    parts/connectionView.json
    parts/doing.json
    parts/doingThread.json
    parts/flowControl.json
    parts/flowPlace.json
    parts/historyPolicy.json
    parts/nodeReport.json
    parts/openWait.json
    parts/presencePolicy.json
    parts/presentMember.json
    parts/ratePolicy.json
    parts/realtimeNode.json
    parts/roomMember.json
    parts/runError.json
    parts/runFilter.json
    parts/runLease.json
    parts/runMoved.json
    parts/runState.json
    parts/stepError.json
    parts/stepState.json
    parts/stepView.json
    parts/waiterView.json
    parts/workflowInfo.json
    problem.json
    requests/bulk.json
    requests/emit.json
    requests/emitBatch.json
    requests/grant.json
    requests/notify.json
    requests/roomCreate.json
    requests/roomEdit.json
    requests/roomHere.json
    requests/roomJoin.json
    requests/roomLock.json
    requests/roomMessage.json
    requests/roomRead.json
    requests/roomTyping.json
    requests/schedule.json
    requests/trigger.json
    """.lines().toList();

  private SchemaFiles() {}

  /** Every schema, such as {@code events/workflow/stepFinish.json}; they refer to each other. */
  public static List<String> all() {
    return ALL;
  }

  /** The text of one of {@link #all} as written; an unknown name is a programmer's mistake. */
  public static String read(String file) {
    try (var in = SchemaFiles.class.getResourceAsStream("/schemas/" + file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The schema {@code text} of {@code file} for a validator: it gets the {@code $id} that its place
   * gives it unless it has one, and each reference becomes absolute, since vertx-json-schema does
   * not find {@code ../parts/x.json}. Files of an operator go through this as well.
   *
   * @param file where it lies below the folder of schemas, with slashes
   * @throws WireException when the text is no JSON
   */
  public static String resolved(String file, String text) {
    JsonNode schema = Wire.tree(text);
    if (schema instanceof ObjectNode object) {
      if (!object.has("$id")) {
        object.put("$id", BASE + file);
      }
      resolve(URI.create(object.path("$id").asText()), object);
    }
    return Wire.encode(schema);
  }

  private static void resolve(URI base, JsonNode node) {
    if (node instanceof ObjectNode object && object.path("$ref").isTextual()) {
      object.put("$ref", base.resolve(object.path("$ref").asText()).toString());
    }
    node.forEach(child -> resolve(base, child));
  }
}
