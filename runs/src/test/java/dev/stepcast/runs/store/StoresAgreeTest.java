package dev.stepcast.runs.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.memory.MemoryRunStore;
import dev.stepcast.runs.store.RunStore.Told;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * What the simulations prove of the memory holds for Redis as well: both answer the same commands
 * alike, drawn from a seed. Replay one with {@code -Dseed=…}; {@code -Dsoak=true} tries many.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StoresAgreeTest {
  private static final long SEEDS = Boolean.getBoolean("soak") ? 10_000 : 250;
  private static final int COMMANDS = 24;
  private static final Pattern TIMES = Pattern.compile("(\"at\":|now=|createdAt=|nextDue=)-?\\d+");
  private static final Pattern SHOWN = Pattern
      .compile("st|e|g|rec|owed|fg|rf|xf|to:.*|[jwamx]:.*");
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisLink REDIS = RedisLink.open(VERTX, TestRedis.url(), 1);

  @BeforeAll
  static void connect() {
    await().atMost(20, SECONDS).until(REDIS::up);
  }

  @AfterAll
  static void close() throws Exception {
    StoreFixture.get(REDIS.close().eventually(VERTX::close));
  }

  @Test
  void to_whatever_is_asked() throws Exception {
    var only = Long.getLong("seed");
    var prefix = TestRedis.prefix();
    for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
      new Pair(seed, new Keys(prefix + seed, 1)).play();
    }
  }

  private static final class Pair {
    private final MemoryRunStore memory = new MemoryRunStore(System::currentTimeMillis, _ -> 0);
    private final long seed;
    private final Keys keys;
    private final RunStore real;
    private final DrawnCommands drawn;
    private final StringBuilder story = new StringBuilder();

    Pair(long seed, Keys keys) {
      this.seed = seed;
      this.keys = keys;
      this.real = RunStore.redis(REDIS, keys, RunStore.KEPT);
      this.drawn = new DrawnCommands(new Random(seed));
    }

    void play() throws Exception {
      for (int i = 0; i < COMMANDS; i++) {
        var command = drawn.next();
        story.append('\n').append(command);
        var answer = StoreFixture.get(command.ask().apply(memory));
        drawn.answered(command, answer);
        agree(normal(answer), normal(StoreFixture.get(command.ask().apply(real))));
        if (Long.getLong("seed") != null) {
          compare(command.run()); // a replay names the very command
        }
      }
      for (var run : DrawnCommands.RUNS) {
        compare(run);
        compare(run + "~old");
        listen(run);
        listen(run + "~old");
      }
    }

    private void compare(String run) throws Exception {
      Function<RunStore, Future<String>> look = store -> store.read(run)
          .map(found -> found.map(Pair::shown).orElse("none"));
      agree(StoreFixture.get(look.apply(memory)), StoreFixture.get(look.apply(real)));
    }

    private void listen(String run) throws Exception {
      agree(memory.told(run).stream().map(told -> heard(told.event(), told.data())).toList(),
          events(run));
    }

    private static String heard(String event, String data) {
      return event + " " + TIMES.matcher(data).replaceAll("$1T");
    }

    private void agree(Object inMemory, Object inRedis) {
      assertThat(inRedis).as("seed " + seed + ", replay it with -Dseed=" + seed + story)
          .isEqualTo(inMemory);
    }

    private List<String> events(String run) throws Exception {
      return StoreFixture.get(new ChannelLog(REDIS, keys).readAfter(new ChannelName(run), "0-0",
          new ChannelLog.Limit(200, 1 << 20))).entries().stream()
          .map(entry -> heard(entry.event(), entry.data())).toList();
    }

    private static String shown(RunImage image) {
      var fields = new TreeMap<String, String>();
      image.fields().forEach((name, value) -> {
        if (SHOWN.matcher(name).matches() && !value.isEmpty() && !value.equals("0")) {
          fields.put(name, TIMES.matcher(value).replaceAll("$1T"));
        }
      });
      var large = new TreeMap<>(image.large()); // what no entry refers to, nobody reads
      large.keySet().removeIf(name -> !fields.getOrDefault(name, "").contains("\"b\":true"));
      return fields + " " + large;
    }

    /** Without times; what one take leased in the order of the ids. */
    private static String normal(Object answer) {
      if (answer instanceof RunStore.Taken taken) {
        var all = new TreeSet<String>();
        taken.runs().forEach(one -> all.add(one.id() + " " + one.token() + " "
            + one.image().map(Pair::shown).filter(text -> !text.contains("\"b\":true"))
                .orElse("large"))); // to be read apart
        return all.toString();
      }
      var told = answer instanceof RunStore.Recording.Recorded(var now, var stands)
          ? new RunStore.Recording.Recorded(now, new TreeMap<>(stands)) // in no promised order
          : answer;
      return TIMES.matcher(String.valueOf(told)).replaceAll("$1T");
    }
  }
}
