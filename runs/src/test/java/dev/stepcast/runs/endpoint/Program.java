package dev.stepcast.runs.endpoint;

import dev.stepcast.runs.endpoint.Deliveries.Leased;
import dev.stepcast.runs.endpoint.EndpointRuns.Item;
import dev.stepcast.schemas.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** A workflow of an endpoint, and what the package answers to each delivery of its messages. */
final class Program {
  /** How often each step did its work, by number. */
  final Map<Integer, Integer> effects = new HashMap<>();
  private final List<Part> parts = new ArrayList<>();

  /** Steps that follow each other, side by side, or a wait for an event. */
  private record Part(Kind kind, int first, int count) {
    enum Kind {
      STEP, BRANCHES, WAIT
    }

    int next() {
      return first + count;
    }
  }

  /** What an endpoint asks for when it was called. */
  sealed interface Answer {
    /** These messages, all of them or none. */
    record Submit(List<Item> items) implements Answer {}

    /** The step waits. */
    record Wait(int step) implements Answer {}

    /** The run is over. */
    record Finish() implements Answer {}

    /** Nothing: another message of its run goes on. */
    record Nothing() implements Answer {}
  }

  Program(Random random) {
    int next = 1;
    for (int i = 2 + random.nextInt(3); i > 0; i--) {
      var kind = Part.Kind.values()[random.nextInt(3)];
      parts.add(new Part(kind, next, kind == Part.Kind.BRANCHES ? 2 + random.nextInt(2) : 1));
      next = parts.getLast().next();
    }
  }

  /** Numbers of the steps that do something, as opposed to waits. */
  Set<Integer> working() {
    var all = new HashSet<Integer>();
    parts.stream().filter(part -> part.kind() != Part.Kind.WAIT)
        .forEach(part -> IntStream.range(part.first(), part.next()).forEach(all::add));
    return all;
  }

  /** How many steps there are. */
  int steps() {
    return parts.getLast().next() - 1;
  }

  Answer called(Leased one) {
    var results = new HashSet<Integer>();
    var planned = new HashSet<Integer>();
    int target = 0;
    for (var message : one.messages().subList(1, one.messages().size())) {
      var step = Wire.tree(Deliveries.parts(message).body().toString());
      target = step.path("targetStep").asInt();
      (target > 0 ? planned : results).add(target > 0 ? target : step.path("stepId").asInt());
    }
    if (target > 0) {
      work(target);
      return new Answer.Submit(List.of(EndpointPlace.branched(target)));
    }
    for (var part : parts) {
      var own = IntStream.range(part.first(), part.next()).boxed().toList();
      if (!results.containsAll(own)) {
        return own.stream().anyMatch(planned::contains) ? new Answer.Nothing() : begin(part);
      }
    }
    return new Answer.Finish();
  }

  private Answer begin(Part part) {
    return switch (part.kind()) {
      case WAIT -> new Answer.Wait(part.first());
      case BRANCHES -> new Answer.Submit(IntStream.range(part.first(), part.next())
          .mapToObj(EndpointPlace::planned).toList());
      case STEP -> {
        work(part.first());
        yield new Answer.Submit(List.of(EndpointPlace.result(part.first())));
      }
    };
  }

  private void work(int step) {
    effects.merge(step, 1, Integer::sum);
  }

  @Override
  public String toString() {
    return parts.toString();
  }
}
