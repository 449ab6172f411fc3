package dev.stepcast.runs.store;

import dev.stepcast.runs.store.RunStore.Again;
import dev.stepcast.runs.store.RunStore.Delivery;
import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.NewRun;
import dev.stepcast.runs.store.RunStore.Parking;
import dev.stepcast.runs.store.RunStore.Start;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.runs.store.RunStore.Taken;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * Commands for a store, drawn: of holders that are up to date, late, or have lost writes, of
 * operators, and of those who send something. None depends on how fast it is carried out.
 */
final class DrawnCommands {
  static final List<String> RUNS = List.of("wfr_a", "wfr_b", "wfr_ar", "wfr_ax", "wfr_br",
      "wfr_bx");
  private static final List<String> OWN = RUNS.subList(0, 2);
  private static final List<RunState> RESTS = List.of(RunState.SLEEPING, RunState.WAITING,
      RunState.BACKING_OFF, RunState.BLOCKED_BY_FLOW);

  private final Random random;
  private final List<Hold> holds = new ArrayList<>();
  private final Map<String, Long> writes = new HashMap<>();
  private long takes;
  private boolean lost;

  /** One of them; {@code run} is whose state it may change. */
  record Command(String name, String run, Object about, Function<RunStore, Future<?>> ask) {
    @Override
    public String toString() {
      return name + " " + run + " " + about;
    }
  }

  DrawnCommands(Random random) {
    this.random = random;
  }

  Command next() {
    var run = random.nextInt(6) == 0 ? RUNS.get(random.nextInt(RUNS.size())) : pick(OWN);
    return switch (random.nextInt(25)) {
      case 0, 1 -> trigger(pick(OWN)); // the others are made by again, under ids never used
      case 2, 3, 4, 5 -> take();
      case 6, 7, 8, 9 -> write(run, "step");
      case 10, 11 -> write(run, "park");
      case 12 -> write(run, "finish");
      case 13 -> holder(run, "renew");
      case 14 -> holder(run, "release");
      case 15 -> holder(run, "begin");
      case 16 -> new Command("cancel", run, "", store -> store.cancel(run));
      case 17 -> new Command("pause", run, "", store -> store.pause(run));
      case 18 -> new Command("unpause", run, "", store -> store.unpause(run));
      case 19, 20 -> deliver(run);
      case 21 -> again(run);
      case 22 -> new Command("unblock", run, "", store -> store.unblock(run));
      case 23 -> mail(run);
      default -> new Command("settle", run, "", store -> store.settle(run));
    };
  }

  /** Who holds what from now on. */
  void answered(Command command, Object answer) {
    if (answer instanceof Taken taken) {
      taken.runs().stream().filter(one -> !one.token().equals(RunStore.Leased.OWES))
          .map(one -> new Hold(one.id(), one.token(), 0)).filter(one -> !holds.contains(one))
          .forEach(holds::add);
    } else if (command.about() instanceof Hold hold) {
      writes.merge(hold.token(), hold.number(), Math::max);
    }
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private Command trigger(String run) {
    var key = random.nextInt(3) == 0 ? Optional.of("k") : Optional.<String>empty();
    var plain = new NewRun(run, "h" + random.nextInt(2) / (key.isPresent() ? 2 : 1), key,
        new Start(0, 0), List.of("l"), StoreFixture.start(), StoreFixture.fields());
    boolean own = key.isEmpty() && random.nextInt(3) == 0;
    var asked = own ? plain.archiving(run + "~old") : plain;
    return new Command("trigger", run, asked, store -> store.trigger(asked));
  }

  /** A lease that has ended at once, and a number sent again or late, now and then. */
  private Command take() {
    boolean over = !lost && random.nextInt(4) == 0;
    lost |= over;
    long number = random.nextInt(5) == 0 ? Math.max(1, takes - random.nextInt(2)) : ++takes;
    var take = new Take(0, "java", 10, "n", number,
        over ? Duration.ZERO : StoreFixture.LEASE);
    return new Command("take", pick(OWN), take, store -> store.take(take));
  }

  private Hold hold(String run) {
    var all = holds.stream().filter(one -> one.id().equals(run)).toList();
    var last = all.isEmpty() ? new Hold(run, "0:n:0", 0)
        : random.nextInt(6) == 0 ? pick(all) : all.getLast();
    long number = writes.getOrDefault(last.token(), 0L);
    return new Hold(run, last.token(), switch (random.nextInt(8)) {
      case 0 -> Math.max(1, number);
      case 1 -> number + 2;
      default -> number + 1;
    });
  }

  private Command write(String run, String how) {
    var hold = hold(run);
    var write = write(how.equals("finish"));
    var path = "j:" + random.nextInt(3);
    var parking = new Parking(pick(RESTS), random.nextBoolean() ? Long.MAX_VALUE : 1,
        random.nextBoolean() ? Set.of() : Set.of(path, "fg"));
    var end = random.nextBoolean() ? RunState.FAILED : RunState.SUCCEEDED;
    return new Command(how + " " + write + " " + parking + " " + end, run, hold,
        store -> switch (how) {
          case "step" -> store.step(hold, write);
          case "park" -> store.park(hold, write, parking);
          default -> store.finish(hold, write, end);
        });
  }

  private Write write(boolean last) {
    var fields = new LinkedHashMap<String, String>();
    var path = random.nextInt(3);
    var said = "{\"n\":" + random.nextInt(3) + ",\"r\":\"" + "é".repeat(random.nextInt(200)) + '"';
    var told = new ArrayList<Told>();
    switch (last && random.nextBoolean() ? 4 : random.nextInt(4) + random.nextInt(2) * 5) {
      case 0 -> fields.put("w:" + path, "{}");
      case 1 -> fields.put(RunImage.OWED, String.valueOf(random.nextInt(2)));
      case 2 -> fields.put(RunImage.AWAITS + "m", path + " waiter");
      case 3 -> {
        fields.put("b:j:" + path, "large");
        fields.put("j:" + path, "{\"b\":true,\"at\":");
      }
      case 4 -> {
        fields.put(RunImage.RESULT, said + '}');
        told.add(new Told("workflow.runFinish", "{\"result\":" + said + "},\"at\":"));
      }
      default -> fields.put("j:" + path, said + ",\"k\":1,\"at\":");
    }
    told.add(new Told("workflow.stepFinish",
        random.nextInt(4) == 0 ? "{\"at\":" : said + ",\"at\":"));
    told.add(new Told("note", "{\"x\":\"a b: c\"}"));
    return new Write(fields, told);
  }

  private Command holder(String run, String what) {
    var hold = new Hold(run, hold(run).token(), 0);
    return new Command(what, run, hold, store -> switch (what) {
      case "renew" -> store.renew(0, List.of(hold), StoreFixture.LEASE);
      case "release" -> store.release(hold);
      default -> store.begin(hold, "1", "{}", new Told("workflow.stepStart", "{\"at\":"));
    });
  }

  private Command deliver(String run) {
    var delivery = new Delivery(run, String.valueOf(random.nextInt(3)),
        "{\"n\":" + random.nextInt(2) + ",\"at\":", Optional.empty(),
        new Told("workflow.stepFinish", "{\"at\":"));
    return new Command("deliver", run, delivery, store -> store.deliver(delivery));
  }

  /** The new one has a name of its own: it is made once. */
  private Command again(String run) {
    boolean resumes = random.nextBoolean();
    var again = new Again(run, run + (resumes ? "r" : "x"),
        resumes ? RunImage.RESUMED : RunImage.RESTARTED, List.of("l"), StoreFixture.start(),
        List.of(RunImage.WORKFLOW, RunImage.VERSION, RunImage.POOL,
            RunImage.CONFIG, RunImage.PAYLOAD, "rh", "j:0", "j:1"));
    return new Command("again", run, again, store -> store.again(again));
  }

  private Command mail(String run) {
    var data = String.valueOf(random.nextInt(9));
    return new Command("mail", run, data, store -> store.mail(run, "m", data));
  }
}
