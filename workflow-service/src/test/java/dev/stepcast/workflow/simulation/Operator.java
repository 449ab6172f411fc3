package dev.stepcast.workflow.simulation;

import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.event.EventBook;
import dev.stepcast.runs.event.Notifier;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.NotifyAnswer;
import dev.stepcast.schemas.RawJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** People and programs that control runs, over the same bad network. */
final class Operator {
  static final List<String> EVENTS = List.of("e0", "e1");

  /** What notifications were answered, by what they carried. */
  final Map<Integer, NotifyAnswer> answered = new HashMap<>();
  private final World world;
  private final Runs runs;
  private final Notifier notifier;

  Operator(World world) {
    this.world = world;
    var store = world.through(RunStore.class, world.store);
    this.runs = world.runs(store);
    this.notifier = new Notifier(store, world.through(EventBook.class, world.book));
  }

  void act() {
    var known = world.known();
    var run = known.get(world.draw(known.size()));
    switch (world.draw(14)) {
      case 0 -> ask(() -> runs.cancel(run));
      case 1, 2 -> ask(() -> runs.pause(run));
      case 3, 4, 5 -> ask(() -> runs.unpause(run));
      case 6, 7 -> ask(() -> runs.resume(run));
      case 8 -> ask(() -> runs.restart(run));
      case 9, 10 -> tell(EVENTS.get(world.draw(EVENTS.size())));
      case 11 -> hooks().stream().skip(world.draw(2)).findFirst().ifPresent(this::tell);
      default -> world.triggerOneMore();
    }
  }

  /** What lets everything come to its end. */
  void help() {
    world.known().forEach(run -> runs.unpause(run));
    EVENTS.forEach(this::tell);
    hooks().forEach(this::tell);
  }

  private void ask(Faults.Ask wish) {
    world.start("", holder -> Thread.ofVirtual().start(() -> {
      try {
        wish.send();
      } catch (Holder.Killed e) {
        return; // its process died
      } finally {
        holder.over();
      }
    }));
  }

  private void tell(String event) {
    int data = world.next();
    ask(() -> notifier.notify(event, RawJson.of(data), null)
        .onSuccess(answer -> {
          if (EVENTS.contains(event) || !answer.stored()) {
            answered.put(data, answer); // a webhook's mail may be replaced by the next one
          }
        }));
  }

  /** The webhooks that runs have drawn or wait for. */
  private List<String> hooks() {
    var all = new ArrayList<String>();
    for (var run : world.known()) {
      world.image(run).of(RunImage.AWAITS).map(Map.Entry::getKey)
          .filter(event -> Notifier.runOf(event).isPresent()).sorted().forEach(all::add);
    }
    return all;
  }
}
