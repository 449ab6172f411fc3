package dev.stepcast.bench.workflow;

import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Triggers runs and learns when they have finished: by the pub/sub messages that browsers' nodes
 * hear as well, or, where only the end of all counts, by the index of those that are live.
 */
final class Load implements AutoCloseable {
  private static final int PARTITIONS = 16;
  private static final int CLONES = 100;
  private static final long LOOK_MS = 50;
  private static final long MOST_S = 600;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http;
  private final Redis redis;
  private final int port;
  private int asleep;
  private final Map<String, Long> finishedAt = new ConcurrentHashMap<>();

  Load(House house) {
    this.port = house.port;
    this.redis = Redis.createClient(vertx, house.redis.url());
    this.http = vertx.createHttpClient(new HttpClientOptions().setDefaultHost("localhost")
        .setDefaultPort(port), new PoolOptions().setHttp1MaxSize(64));
  }

  void awaitReady() throws Exception {
    for (int i = 0; i < 600; i++) {
      try {
        var catalog = get(http.request(HttpMethod.GET, "/api/workflows")
            .compose(request -> request.send()).compose(response -> response.body()));
        if (catalog.toString().contains("process-data")) {
          return;
        }
      } catch (Exception _) {
        // not yet
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw new IllegalStateException("the house does not come up");
  }

  private Future<String> trigger(String body) {
    return http.request(HttpMethod.POST, "/api/trigger")
        .compose(request -> request.putHeader("Content-Type", "application/json")
            .send(Buffer.buffer(body)))
        .compose(response -> response.body().map(answer -> {
          if (response.statusCode() != 202) {
            throw new IllegalStateException(response.statusCode() + " " + answer);
          }
          return new JsonObject(answer).getString("workflowRunId");
        }));
  }

  /** From this thread an answer could have ended before its body is asked for. */
  private Future<String> triggerOnLoop(String body) {
    var answer = Promise.<String>promise();
    vertx.runOnContext(_ -> trigger(body).onComplete(answer));
    return answer.future();
  }

  /** So many callers, each with its next request when the last was answered. */
  void closed(int count, int callers, IntFunction<String> body) throws Exception {
    var left = new AtomicInteger(count);
    var all = new ArrayList<Future<Void>>();
    for (int i = 0; i < callers; i++) {
      var done = Promise.<Void>promise();
      vertx.runOnContext(_ -> next(left, body, done));
      all.add(done.future());
    }
    get(Future.all(all));
  }

  private void next(AtomicInteger left, IntFunction<String> body, Promise<Void> done) {
    int number = left.getAndDecrement();
    if (number <= 0) {
      done.complete();
      return;
    }
    trigger(body.apply(number)).onComplete(answer -> {
      if (answer.failed()) {
        done.fail(answer.cause());
      } else {
        next(left, body, done);
      }
    });
  }

  /** So many a second, whatever comes back. @return ns from trigger to finished */
  List<Long> open(int count, int perSecond, String body) throws Exception {
    var listening = listen();
    var began = new ConcurrentHashMap<String, Long>();
    var all = new ArrayList<Future<String>>();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = start + i * 1_000_000_000L / perSecond;
      while (System.nanoTime() < due) {
        TimeUnit.NANOSECONDS.sleep(Math.max(1, due - System.nanoTime()));
      }
      all.add(triggerOnLoop(body).onSuccess(run -> began.put(run, due)));
    }
    get(Future.all(all));
    awaitFinished();
    TimeUnit.MILLISECONDS.sleep(200);
    get(listening.close());
    return began.entrySet().stream()
        .map(one -> finishedAt.getOrDefault(one.getKey(), Long.MAX_VALUE) - one.getValue())
        .toList();
  }

  /** One at a time. @return ns from trigger to finished */
  List<Long> solo(int count, String body) throws Exception {
    var ended = new Semaphore(0);
    var listening = listen(ended);
    var took = new ArrayList<Long>();
    for (int i = 0; i < count; i++) {
      long began = System.nanoTime();
      get(triggerOnLoop(body));
      if (!ended.tryAcquire(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a run does not end");
      }
      took.add(System.nanoTime() - began);
    }
    get(listening.close());
    return took;
  }

  private RedisConnection listen() throws Exception {
    return listen(new Semaphore(0));
  }

  private RedisConnection listen(Semaphore ended) throws Exception {
    finishedAt.clear();
    var connection = get(redis.connect());
    connection.handler(message -> {
      if (message.size() == 4 && message.get(3).toString().contains(" workflow.runFinish ")) {
        var channel = message.get(2).toString();
        finishedAt.put(channel.substring(channel.lastIndexOf(':') + 1), System.nanoTime());
        ended.release();
      }
    });
    get(connection.send(Request.cmd(Command.PSUBSCRIBE).arg("sc:{*}:ch:*")));
    return connection;
  }

  /** Waits until no run is queued, running, or about to; those put to sleep before sleep on. */
  void awaitFinished() throws Exception {
    await("LIVE", 0);
    await("BLOCKED_BY_FLOW", 0);
    await("LIVE", 0);
    await("SLEEPING", asleep);
    await("LIVE", 0);
  }

  /** Waits until all of so many runs sleep, beside those that did before. */
  void awaitAsleep(int count) throws Exception {
    await("LIVE", 0);
    asleep += count;
    if (live("SLEEPING") != asleep) {
      throw new IllegalStateException(live("SLEEPING") + " sleep, not " + asleep);
    }
  }

  /** As many runs more, written like those that sleep; their ids belong to no partition. */
  void cloneSleepers(int count) throws Exception {
    var source = new String(
        Load.class.getResourceAsStream("clone.lua").readAllBytes(), StandardCharsets.UTF_8);
    for (int made = 0; made < count; made += CLONES * PARTITIONS) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < PARTITIONS; i++) {
        all.add(redis.send(Request.cmd(Command.EVAL).arg(source).arg(1).arg("sc:{" + i + "}:")
            .arg(asleep + made).arg(CLONES)));
      }
      get(Future.all(all));
    }
    asleep = (int) live("SLEEPING");
  }

  private void await(String index, long most) throws Exception {
    long until = System.nanoTime() + MOST_S * 1_000_000_000L;
    while (live(index) > most) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException(live(index) + " are " + index);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    }
  }

  private long live(String index) throws Exception {
    long sum = 0;
    for (int i = 0; i < PARTITIONS; i++) {
      sum += get(redis.send(Request.cmd(Command.ZCARD).arg("sc:{" + i + "}:idx:" + index)))
          .toLong();
    }
    return sum;
  }

  Stats redisStats() throws Exception {
    return Stats.of(get(redis.send(Request.cmd(Command.INFO).arg("everything"))).toString());
  }

  /** What one finished run's keys take in Redis, and what they hold. */
  String anatomy() throws Exception {
    var id = get(redis.send(Request.cmd(Command.ZRANGE).arg("sc:{3}:idx:all").arg(-1).arg(-1)))
        .get(0).toString();
    var text = new StringBuilder();
    for (var name : List.of("run:" + id, "idx:all", "changes",
        "idx:LIVE", "due:java")) {
      var key = "sc:{3}:" + name;
      text.append(key).append(' ')
          .append(get(redis.send(Request.cmd(Command.MEMORY).arg("USAGE").arg(key).arg("SAMPLES")
              .arg(0))))
          .append(" bytes\n");
    }
    return text.append(get(redis.send(Request.cmd(Command.HGETALL).arg("sc:{3}:run:" + id))))
        .append("\nidx:all ").append(get(redis.send(Request.cmd(Command.ZCARD)
            .arg("sc:{3}:idx:all"))))
        .append(" changes ").append(get(redis.send(
            Request.cmd(Command.XLEN).arg("sc:{3}:changes"))))
        .toString();
  }

  /** CPU-seconds that this machine was busy. */
  static double boxBusy() throws IOException {
    var first = Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split(" +", -1);
    double sum = 0;
    for (int i = 1; i < first.length; i++) {
      sum += i == 4 || i == 5 || i > 8 ? 0 : Long.parseLong(first[i]);
    }
    return sum / 100;
  }

  static double ownCpu() {
    var bean = ManagementFactory.getOperatingSystemMXBean();
    return bean instanceof OperatingSystemMXBean own ? own.getProcessCpuTime() / 1e9 : 0;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(MOST_S, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    redis.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
