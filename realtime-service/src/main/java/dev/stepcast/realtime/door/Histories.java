package dev.stepcast.realtime.door;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelLog.Entry;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.realtime.position.Position;
import dev.stepcast.schemas.EventFrame;
import dev.stepcast.schemas.HistoryAnswer;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RealtimeEvent.Gap;
import dev.stepcast.schemas.RealtimeEvent.GapReason;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/realtime/history?channel=&after=|before=&limit=}: what a channel keeps, page by
 * page, for those who may listen to it. {@code after} goes forward from an id (none: from the
 * beginning) and tells the gap, {@code before} goes back from one ({@code end}: from the newest).
 */
final class Histories {
  private static final int LIMIT = 50;
  private static final int LIMIT_MAX = 1_000;
  private static final int PAGE_BYTES_MAX = 1024 * 1024;
  private static final String END = "end";

  private final Platform platform;
  private final Access access;

  /** What is asked for; one of the two positions at most. */
  private record Range(String channel, @Nullable String after, @Nullable String before,
      int limit) {}

  Histories(Platform platform, Access access) {
    this.platform = platform;
    this.access = access;
  }

  void mount(Router router) {
    HttpDoor.query(router.get("/api/realtime/history"), "channel", "after", "before", "limit")
        .handler(this::answer);
  }

  private void answer(RoutingContext ctx) {
    var range = range(ctx);
    var channels = List.of(range.channel);
    HttpDoor.answer(ctx, 200, access.of(ctx.request())
        .compose(rights -> access.checked(rights, channels)).compose(rights -> {
          rights.demand(channels, platform.clock().instant());
          return range.before == null ? forward(range) : back(range, range.before);
        }));
  }

  @SuppressWarnings("NullAway") // it does not see the annotation of a nested type in a class file
  private Future<HistoryAnswer> forward(Range range) {
    var after = range.after == null ? Position.ZERO : Position.of(range.after);
    return platform.channels().readAfter(new ChannelName(range.channel), after.toString(),
        new ChannelLog.Limit(range.limit, PAGE_BYTES_MAX)).map(page -> {
          var entries = page.entries();
          var base = Position.of(entries.isEmpty() ? page.tail() : entries.getFirst().prev());
          boolean more = !entries.isEmpty() && !entries.getLast().id().equals(page.tail());
          return new HistoryAnswer(frames(range.channel, entries),
              more ? entries.getLast().id() : null,
              range.after == null ? null : gap(after, base));
        });
  }

  @SuppressWarnings("NullAway") // as above
  private Future<HistoryAnswer> back(Range range, String before) {
    return platform.channels().readBefore(new ChannelName(range.channel),
        before.equals(END) ? null : before, range.limit)
        .map(entries -> new HistoryAnswer(frames(range.channel, entries),
            entries.size() < range.limit ? null : entries.getFirst().id(), null));
  }

  private static @Nullable Gap gap(Position after, Position base) {
    int order = base.compareTo(after);
    return order == 0 ? null
        : new Gap(after.toString(), base.toString(),
            order > 0 ? GapReason.TRIMMED : GapReason.RESTARTED);
  }

  private static List<EventFrame> frames(String channel, List<Entry> entries) {
    return entries.stream().map(entry -> new EventFrame(entry.id(), entry.event(), channel,
        new RawJson(entry.data()))).toList();
  }

  private static Range range(RoutingContext ctx) {
    var query = new Query(ctx);
    var channel = query.channel();
    var after = query.only("after");
    var before = query.only("before");
    if (after != null && Position.read(after) == null) {
      throw Query.bad("after", "the id of an event");
    }
    if (before != null && (after != null
        || (!before.equals(END) && Position.read(before) == null))) {
      throw Query.bad("before", "the id of an event, or end, and no after beside it");
    }
    int limit = query.number("limit", LIMIT, LIMIT_MAX);
    if (limit < 1) {
      throw Query.bad("limit", "a whole number from 1 to " + LIMIT_MAX);
    }
    return new Range(channel, after, before, limit);
  }
}
