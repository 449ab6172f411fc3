package dev.stepcast.runs.event;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The book in Redis, under the event's own partition. */
record RedisEventBook(RedisLink redis, Keys keys) implements EventBook {
  private static final Script WAIT = Script.of(RedisEventBook.class, "wait");
  private static final Script LEAVE = Script.of(RedisEventBook.class, "leave");
  private static final Script TOLD = Script.of(RedisEventBook.class, "told");
  private static final Script NOTIFY = Script.of(RedisEventBook.class, "notify");
  private static final int MOST = 1_000;

  @Override
  public Future<Optional<String>> await(String event, Waiter waiter, long untilMs) {
    return redis.run(WAIT, List.of(keys.slot(event).head()),
        List.of(event, waiter.text(), untilMs))
        .map(answer -> answer.get(0).toString().equals("FOUND")
            ? Optional.of(answer.get(1).toString())
            : Optional.empty());
  }

  @Override
  public Future<List<Waiter>> notify(String event, String data, long lookMs) {
    return redis.run(NOTIFY, List.of(keys.slot(event).head()), List.of(event, data, lookMs, MOST))
        .map(answer -> {
          var waiters = new ArrayList<Waiter>();
          answer.forEach(one -> waiters.add(Waiter.of(one.toString())));
          return waiters;
        });
  }

  @Override
  public Future<Void> told(String event, Waiter waiter) {
    return redis.run(TOLD, List.of(keys.slot(event).head()), List.of(event, waiter.text()))
        .mapEmpty();
  }

  @Override
  public Future<Optional<Next>> leave(String event, Waiter waiter, long lookMs) {
    return redis.run(LEAVE, List.of(keys.slot(event).head()),
        List.of(event, waiter.text(), lookMs))
        .map(answer -> answer.size() == 0 ? Optional.empty()
            : Optional.of(new Next(Waiter.of(answer.get(0).toString()),
                answer.get(1).toString())));
  }

  @Override
  public Future<Integer> waiting(String event) {
    var wait = keys.slot(event).key("wait", event);
    return redis.send(wait, Request.cmd(Command.ZCARD).arg(wait))
        .map(answer -> answer == null ? 0 : answer.toInteger());
  }

  @Override
  public Future<Map<Waiter, Long>> waiters(String event, int most) {
    var wait = keys.slot(event).key("wait", event);
    return redis.send(wait, Request.cmd(Command.ZRANGE).arg(wait).arg(0).arg(most - 1)
        .arg("WITHSCORES")).map(answer -> {
          var all = new LinkedHashMap<Waiter, Long>();
          for (int i = 0; answer != null && i + 1 < answer.size(); i += 2) {
            all.put(Waiter.of(answer.get(i).toString()),
                (long) answer.get(i + 1).toDouble().doubleValue());
          }
          return all;
        });
  }
}
