package dev.stepcast.workflow.simulation;

import dev.stepcast.runs.control.Runs.RunConfig;
import dev.stepcast.runs.event.EventBook.Waiter;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.flow.FlowBook.Acquired;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.journal.Note;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What must hold whatever goes wrong. */
final class Checks {
  static final List<FlowControl> FLOWS = List.of(new FlowControl("one", 1, null, null),
      new FlowControl("two", 2, 3, 10_000), new FlowControl("rated", null, 2, 10_000));
  private static final Set<String> ENDS = Set.of("workflow.runFinish", "workflow.runFail",
      "workflow.runCancel");

  private static final Set<RunState> RESTING = Set.of(RunState.SLEEPING, RunState.WAITING,
      RunState.BACKING_OFF);

  private final World world;
  private final Map<String, String> entries = new HashMap<>();
  private final Map<String, RunState> ended = new HashMap<>();
  private final Map<String, Integer> starts = new HashMap<>();
  private @Nullable String broken;

  Checks(World world) {
    this.world = world;
  }

  /** A holder whom nobody has followed begins to run a step. */
  void stepRuns(String run, String key) {
    var image = world.image(run);
    if (image.state() != RunState.RUNNING) {
      return; // ended or paused under its hands
    }
    var path = key.substring(key.indexOf('/') + 1);
    check(!image.fields().containsKey(Entry.FIELD + path), run,
        "step " + path + " runs again although it is recorded");
    var flow = RunConfig.of(image).flowControl();
    check(flow == null || flow.parallelism() == null || view(flow).active().contains(run), run,
        "works without a slot");
  }

  /** Nobody who works on {@code run} can go on. */
  void stuck(String run) {
    check(false, run, "is stuck with its holder");
  }

  /** Throws what did not hold since the last time, or does not hold now. */
  void hold() {
    world.known().forEach(run -> holds(world.image(run)));
    for (var flow : FLOWS) {
      var most = flow.parallelism();
      check(most == null || view(flow).active().size() <= most, flow.key(), "too many at once");
    }
    complain();
  }

  private void complain() {
    if (broken != null) {
      throw new AssertionError(broken);
    }
  }

  private void holds(RunImage image) {
    var run = image.id();
    image.of(Entry.FIELD).forEach(entry -> {
      var before = entries.putIfAbsent(run + entry.getKey(), entry.getValue());
      check(before == null || before.equals(entry.getValue()), run, entry.getKey() + " changed");
    });
    var before = ended.get(run);
    check(before == null || before == image.state(), run, "an ended state changed");
    if (image.state().ended()) {
      ended.put(run, image.state());
    }
    tellsRight(image);
    image.field(RunImage.RESUMED).ifPresent(old -> keeps(world.image(old), image));
    var flow = RESTING.contains(image.state()) ? RunConfig.of(image).flowControl() : null;
    check(flow == null || !view(flow).active().contains(run), run, "has a slot while it rests");
    check(image.state() != RunState.BLOCKED_BY_FLOW
        || image.field(RunImage.UNBLOCKED).filter(told -> !told.isEmpty()).isEmpty(), run,
        "rests though it was told that there is room");
    if (image.state().ended() && owes(image) == 0) {
      leavesNoChild(image);
    }
    branchesGoOn(image);
  }

  /** A run's branches get on without each other, and it ends after the last of them. */
  private void branchesGoOn(RunImage image) {
    var run = image.id();
    image.field(RunImage.ERROR).ifPresent(error -> check(!error.contains("NonDeterministic"), run,
        "failed though nobody changed its code: " + error));
    check(image.state() != RunState.SUCCEEDED || !image.workflow().equals("aside")
        || has(image, "nobody-joins"), run, "ended before a branch of it");
    check(!RESTING.contains(image.state()) || !image.workflow().equals("both")
        || !has(image, "wait") || has(image, "d"), run, "rests though a branch of it could go on");
    long due = world.store.dueAt(run).orElse(Long.MAX_VALUE);
    if (RESTING.contains(image.state()) && due > world.now()) {
      ends(image).filter(until -> until > world.now()).forEach(until -> check(due <= until, run,
          "rests until " + due + ", past " + until));
    }
  }

  private static boolean has(RunImage image, String step) {
    return image.of(Entry.FIELD)
        .anyMatch(entry -> entry.getValue().contains("\"stepName\":\"" + step + "\""));
  }

  /** When its sleeps, and its waits and pauses that are not over, come to their ends. */
  private static Stream<Long> ends(RunImage image) {
    return Stream.concat(
        image.of(Entry.FIELD).map(at -> Entry.read(at.getKey(), at.getValue(), image).until()),
        Stream.of(Note.WAIT, Note.ATTEMPTS).flatMap(image::of)
            .filter(at -> !image.fields().containsKey(Entry.FIELD + at.getKey()))
            .map(at -> Wire.decode(at.getValue(), Note.class).until()))
        .filter(Objects::nonNull);
  }

  /** One that a dead connection's late request made after its end is the one exception. */
  private void leavesNoChild(RunImage parent) {
    long end = parent.endedAt().orElse(Long.MAX_VALUE);
    boolean well = parent.state() == RunState.SUCCEEDED;
    parent.of(RunImage.CHILD).map(Map.Entry::getValue).filter(world::exists).map(world::image)
        .filter(child -> well || child.createdAt() < end)
        .forEach(child -> check(child.state().ended(), parent.id(), "ended before its child"));
  }

  private void tellsRight(RunImage image) {
    var told = world.store.told(image.id());
    long ends = told.stream().map(Told::event).filter(ENDS::contains).count();
    check(ends == (image.state().ended() ? 1 : 0), image.id(), ends + " ends were told");
    var seen = new HashSet<Object>();
    told.stream().filter(one -> one.event().equals("workflow.stepFinish"))
        .map(one -> new io.vertx.core.json.JsonObject(one.data()).getInteger("index"))
        .forEach(index -> check(seen.add(index), image.id(), index + " was told to be finished"
            + " twice"));
    check(told.getFirst().event().equals("workflow.runStart"), image.id(), "no start was told");
  }

  private void keeps(RunImage old, RunImage fresh) {
    old.of(Entry.FIELD).filter(entry -> Character.isDigit(entry.getKey().charAt(0)))
        .filter(entry -> !entry.getValue().contains("\"e\":"))
        .forEach(entry -> check(entry.getValue().equals(
            fresh.fields().get(Entry.FIELD + entry.getKey())), fresh.id(),
            "lacks the entry " + entry.getKey() + " of the run it resumes"));
  }

  private static long owes(RunImage image) {
    return image.field(RunImage.OWED).map(Long::valueOf).orElse(0L);
  }

  boolean allSettled() {
    return world.known().stream().map(world::image)
        .allMatch(image -> image.state().ended() && owes(image) == 0);
  }

  /** Nothing is left over when everything has come to its end. */
  void ended(Operator operator) {
    hold();
    for (var image : world.known().stream().map(world::image).toList()) {
      check(image.state().ended(), image.id(), "never ended: " + image);
      check(owes(image) == 0, image.id(), "still owes something: " + image);
      parentKnows(image);
    }
    for (var flow : FLOWS) {
      check(view(flow).active().isEmpty(), flow.key(), "a slot leaked to " + view(flow).active());
    }
    var arrived = arrived();
    operator.answered.forEach((data, answer) -> check(
        (answer.notified() == 0 && !answer.stored()) || arrived.contains(String.valueOf(data)),
        "notification " + data, "was answered " + answer + " and never came anywhere"));
    complain();
  }

  private void parentKnows(RunImage parent) {
    if (parent.state() != RunState.SUCCEEDED) {
      return;
    }
    parent.of(RunImage.CHILD).forEach(place -> {
      var child = world.image(place.getValue());
      var entry = Entry.read(place.getKey(), parent.text(Entry.FIELD + place.getKey()), parent);
      check(child.state() == RunState.SUCCEEDED, parent.id(), "went on past a failed child");
      var answer = entry.result();
      check(answer != null && answer.text().equals(child.field(RunImage.RESULT).orElse("null")),
          parent.id(), "has another result than its child " + child.id() + ": " + answer);
    });
  }

  /** Everything that was sent and is with a run, or still with the event. */
  private Set<String> arrived() {
    var all = new HashSet<String>();
    for (var image : world.known().stream().map(world::image).toList()) {
      Stream.concat(image.of(Entry.FIELD).filter(one -> one.getValue().contains("\"wait\""))
          .map(one -> String.valueOf(Entry.read(one.getKey(), one.getValue(), image).result())),
          image.of(RunImage.MAIL).map(Map.Entry::getValue)).forEach(all::add);
    }
    for (var event : Operator.EVENTS) {
      for (int i = 0;; i++) {
        var found = Holder.now(drain(event, i));
        if (found.isEmpty()) {
          break;
        }
        all.add(found.get());
      }
    }
    return new LinkedHashSet<>(all);
  }

  private java.util.function.Supplier<Future<java.util.Optional<String>>> drain(String event,
      int i) {
    return () -> world.book.await(event, new Waiter("drain", String.valueOf(i), 0, "drain"),
        Long.MAX_VALUE);
  }

  private FlowBook.View view(FlowControl flow) {
    return Holder.now(() -> world.flow.view(flow.key()));
  }

  /** The book of slots, with its grants counted by period. */
  FlowBook counting(FlowBook book) {
    return new FlowBook() {
      @Override
      public Future<Acquired> acquire(Claim claim) {
        boolean had = Holder.now(() -> book.view(claim.flow().key())).active()
            .contains(claim.run());
        return book.acquire(claim).onSuccess(acquired -> {
          var rate = claim.flow().rate();
          var period = claim.flow().periodMs();
          if (acquired instanceof Acquired.Granted && !had && rate != null && period != null) {
            int count = starts.merge(claim.flow().key() + world.now() / period, 1, Integer::sum);
            check(count <= rate, claim.run(), "started too soon");
          }
        });
      }

      @Override
      public Future<List<String>> release(Claim claim) {
        return book.release(claim);
      }

      @Override
      public Future<View> view(String key) {
        return book.view(key);
      }

      @Override
      public Future<Listing> list(@Nullable String after, int limit) {
        return book.list(after, limit);
      }
    };
  }

  /** Where an author's code or a future stands between, nobody hears what is thrown. */
  private void check(boolean holds, String what, String complaint) {
    if (!holds && broken == null) {
      broken = what + " " + complaint;
    }
  }
}
