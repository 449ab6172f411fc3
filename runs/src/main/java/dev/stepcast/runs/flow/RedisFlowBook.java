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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The book in Redis, under the key's own partition. */
record RedisFlowBook(RedisLink redis, Keys keys) implements FlowBook {
  private static final Script ASIDE = Script.of(RedisFlowBook.class, "aside");
  private static final Script ACQUIRE = Script.of(RedisFlowBook.class, "acquire").with(ASIDE)
      .with(Script.of(RedisFlowBook.class, "starts"));
  private static final Script RELEASE = Script.of(RedisFlowBook.class, "release").with(ASIDE);
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
    var active = keys.slot(key).key("flow:active", key);
    var standing = standing(key);
    return Future.all(members(active, "0", "+inf"), members(active, "-inf", "(0"),
        members(keys.slot(key).key("flow:queue", key), "-inf", "+inf"), standing).map(all -> {
          var queued = new ArrayList<String>(all.resultAt(1));
          queued.addAll(all.resultAt(2));
          return new View(all.resultAt(0), List.copyOf(queued), standing.result().activeCount(),
              standing.result().queuedCount());
        });
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
    var active = keys.slot(key).key("flow:active", key);
    return Future.all(count(active, "0", "+inf"), count(active, "-inf", "(0"),
        count(keys.slot(key).key("flow:queue", key), "-inf", "+inf"))
        .map(all -> new Standing(key, all.<Long>resultAt(0),
            all.<Long>resultAt(1) + all.<Long>resultAt(2)));
  }

  private Future<Long> count(String set, String from, String to) {
    return redis.send(set, Request.cmd(Command.ZCOUNT).arg(set).arg(from).arg(to))
        .map(answer -> answer == null ? 0 : answer.toLong());
  }

  /** In the order of their scores, see {@code aside.lua}. */
  private Future<List<String>> members(String set, String from, String to) {
    return redis.send(set, Request.cmd(Command.ZRANGE).arg(set).arg(from).arg(to).arg("BYSCORE")
        .arg("LIMIT").arg(0).arg(SHOWN)).map(RedisFlowBook::texts);
  }

  private static List<String> texts(@Nullable Response answer) {
    return answer == null ? List.of() : answer.stream().map(Response::toString).toList();
  }

  private List<String> space(Claim claim) {
    return List.of(keys.slot(claim.flow().key()).head());
  }
}
