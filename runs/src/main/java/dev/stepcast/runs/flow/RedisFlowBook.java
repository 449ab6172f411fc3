package dev.stepcast.runs.flow;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import dev.stepcast.schemas.FlowKeyList.Standing;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The book in Redis, under the key's own partition. */
record RedisFlowBook(RedisLink redis, Keys keys) implements FlowBook {
  private static final Script ACQUIRE = Script.of(RedisFlowBook.class, "acquire");
  private static final Script RELEASE = Script.of(RedisFlowBook.class, "release");
  private static final int SHOWN = 1_000;
  /** As Redis orders names. */
  static final Comparator<String> BY_BYTES = Comparator
      .comparing(name -> name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  @Override
  public Future<Acquired> acquire(Claim claim) {
    return redis.run(ACQUIRE, space(claim), List.of(claim.flow().key(), claim.run(),
        claim.epoch(), claim.parallelism(), claim.rate(), claim.periodMs()))
        .map(answer -> switch (answer.get(0).toString()) {
          case "GRANTED" -> new Acquired.Granted();
          case "STALE" -> new Acquired.Stale();
          default -> new Acquired.Queued(answer.get(1).toLong(),
              answer.stream().skip(2).map(Response::toString).toList());
        });
  }

  @Override
  public Future<List<String>> release(Claim claim) {
    return redis.run(RELEASE, space(claim), List.of(claim.flow().key(), claim.run(),
        claim.epoch(), claim.parallelism()))
        .map(answer -> answer.stream().map(Response::toString).toList());
  }

  @Override
  public Future<View> view(String key) {
    var slot = keys.slot(key);
    var active = slot.key("flow:active", key);
    var queue = slot.key("flow:queue", key);
    return Future.all(members(active), members(queue), count(active), count(queue))
        .map(all -> new View(all.resultAt(0), all.resultAt(1), all.<Long>resultAt(2),
            all.<Long>resultAt(3)));
  }

  @Override
  public Future<Listing> list(@Nullable String after, int limit) {
    var pages = IntStream.range(0, keys.partitions())
        .mapToObj(partition -> named(keys.slot(partition).key("flow:keys"), after, limit))
        .toList();
    return Future.all(pages).compose(_ -> {
      var names = pages.stream().flatMap(page -> page.result().stream()).sorted(BY_BYTES)
          .limit(limit).toList();
      var found = names.stream().map(this::standing).toList();
      return Future.all(found).map(_ -> new Listing(
          found.stream().map(Future::result)
              .filter(key -> key.activeCount() + key.queuedCount() > 0).toList(),
          names.size() < limit ? null : names.getLast()));
    });
  }

  private Future<List<String>> named(String index, @Nullable String after, int limit) {
    return redis.send(index, Request.cmd(Command.ZRANGE).arg(index)
        .arg(after == null ? "-" : "(" + after).arg("+").arg("BYLEX").arg("LIMIT").arg(0)
        .arg(limit)).map(RedisFlowBook::texts);
  }

  private Future<Standing> standing(String key) {
    var slot = keys.slot(key);
    var active = count(slot.key("flow:active", key));
    return active.compose(_ -> count(slot.key("flow:queue", key)))
        .map(queued -> new Standing(key, active.result(), queued));
  }

  private Future<Long> count(String set) {
    return redis.send(set, Request.cmd(Command.ZCARD).arg(set))
        .map(answer -> answer == null ? 0 : answer.toLong());
  }

  private Future<List<String>> members(String set) {
    return redis.send(set, Request.cmd(Command.ZRANGE).arg(set).arg(0).arg(SHOWN - 1))
        .map(RedisFlowBook::texts);
  }

  private static List<String> texts(@Nullable Response answer) {
    return answer == null ? List.of() : answer.stream().map(Response::toString).toList();
  }

  private List<String> space(Claim claim) {
    return List.of(keys.slot(claim.flow().key()).head());
  }
}
