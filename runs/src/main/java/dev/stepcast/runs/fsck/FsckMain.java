package dev.stepcast.runs.fsck;

import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.log.LogfmtLayout;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.RedisLink.Unavailable;
import dev.stepcast.runs.fsck.Fsck.Report;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * {@code java … dev.stepcast.runs.fsck.FsckMain [--repair]}: an operator's command. It reads the
 * services' own variables and exits with 0 where all is sound, 1 where something is wrong, 2 where
 * it could not look.
 */
final class FsckMain {
  private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out),
      true, StandardCharsets.UTF_8);
  private static final long LOOK_MS = 100;
  private static final int LOOKS_MOST = 100;

  private FsckMain() {}

  static void main(String[] args) {
    var asked = Arrays.asList(args);
    if (!asked.isEmpty() && !asked.equals(List.of("--repair"))) {
      OUT.println("could not look: want --repair or nothing, not " + String.join(" ", args));
      System.exit(2);
    }
    System.exit(run(!asked.isEmpty()));
  }

  private static int run(boolean repair) {
    LogfmtLayout.level("error"); // what is found is the output, not the log
    var vertx = Vertx.vertx();
    try {
      var env = new Env(System.getenv());
      var config = CommonConfig.from(env);
      var redis = RedisLink.open(vertx, config.redisUrl(), 1);
      var fsck = new Fsck(vertx, redis, new Keys(config.keyPrefix(), config.partitions()));
      return told(connected(vertx, redis, LOOKS_MOST)
          .compose(_ -> repair ? fsck.repair() : fsck.check()).eventually(redis::close)
          .toCompletionStage().toCompletableFuture().join());
    } catch (CompletionException | IllegalArgumentException e) {
      OUT.println("could not look: " + (e.getCause() == null ? e : e.getCause()).getMessage());
      return 2;
    } finally {
      vertx.close();
    }
  }

  private static Future<Void> connected(Vertx vertx, RedisLink redis, int looks) {
    if (redis.up() || looks == 0) {
      return redis.up() ? Future.succeededFuture()
          : Future.failedFuture(new Unavailable("REDIS_URL: no Redis answers there", null));
    }
    var waited = Promise.<Void>promise();
    vertx.setTimer(LOOK_MS, _ -> connected(vertx, redis, looks - 1).onComplete(waited));
    return waited.future();
  }

  private static int told(Report report) {
    report.findings().forEach(one -> OUT.printf("%-5s %-12s %s  %s%n", one.severity(), one.kind(),
        one.subject(), one.detail()));
    OUT.printf("%d keys, %d runs, %d findings, %d repaired: %s%n", report.keys(), report.runs(),
        report.findings().size(), report.repaired(), report.sound() ? "sound" : "not sound");
    return report.sound() ? 0 : 1;
  }
}
