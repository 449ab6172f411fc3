package dev.stepcast.runs.store;

import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every transition that a run can make, each one atomic. All times are the store's own.
 *
 * <p>A holder's writes carry the token of its take and a number that counts them, so each may be
 * sent again after a lost reply: it is applied once. Futures fail only when the store cannot be
 * asked; then the transition may or may not have been made.
 */
public interface RunStore {
  /** What a retention of nothing else said keeps. */
  Retention KEPT = new Retention(Duration.ofHours(24), Duration.ofDays(7));

  /** Mails that a run keeps until it waits for them. */
  int MAILS_MOST = 100;
  /** Bytes of all of them. */
  int MAIL_BYTES_MOST = 4 * 1024 * 1024;
  /** The same request for the id of an ended run is the same run that long: clients send again. */
  Duration SENT_AGAIN = Duration.ofMinutes(1);

  /** Runs kept in Redis. */
  static RunStore redis(RedisLink redis, Keys keys, Retention retention) {
    return new RedisRunStore(redis, keys, retention);
  }

  /**
   * How long ended runs are kept.
   *
   * @param succeeded those that ended well
   * @param others    those that failed or were canceled: they are what an operator looks at
   */
  record Retention(Duration succeeded, Duration others) {
    /** Reads the variables: one for all, and one for those that did not end well. */
    public static Retention from(Env env) {
      var all = env.optional("RUN_RETENTION_MS") == null ? null
          : env.millis("RUN_RETENTION_MS", KEPT.succeeded());
      var others = env.optional("RUN_RETENTION_FAILED_MS") == null ? null
          : env.millis("RUN_RETENTION_FAILED_MS", KEPT.others());
      return new Retention(all == null ? KEPT.succeeded() : all,
          others != null ? others : all == null ? KEPT.others() : all);
    }

    /** How long a run that ended in {@code state} is kept. */
    public Duration of(RunState state) {
      return state == RunState.SUCCEEDED ? succeeded : others;
    }
  }

  /**
   * An event on a run's channel.
   *
   * @param data JSON; where it was left open after {@code "at":} the store completes it
   */
  record Told(String event, String data) {}

  /**
   * What a write adds to a run.
   *
   * @param fields by name; an entry of the journal ({@code j:…}) is written once and never changes,
   *               {@code b:…} is a large value; open ones are completed like events
   * @param told   events, in order
   */
  record Write(Map<String, String> fields, List<Told> told) {
    /** Adds nothing. */
    public static final Write NOTHING = new Write(Map.of(), List.of());
  }

  /**
   * A new run.
   *
   * @param id      drawn by the caller in the partition of {@code key}
   * @param hash    of the request, to tell a repetition from another request
   * @param fields  the run's own
   * @param archive what an ended run of this id is known as from now on, in its partition; empty:
   *                the id is used once
   */
  record NewRun(String id, String hash, Optional<String> key, Start start, List<String> labels,
      Told told, Map<String, String> fields, Optional<String> archive) {
    /** With an id that is used once. */
    public NewRun(String id, String hash, Optional<String> key, Start start, List<String> labels,
        Told told, Map<String, String> fields) {
      this(id, hash, key, start, labels, told, fields, Optional.empty());
    }

    /** The same, with an id that an ended run gives up. */
    public NewRun archiving(String old) {
      return new NewRun(id, hash, key, start, labels, told, fields, Optional.of(old));
    }
  }

  /** When a run starts: after a delay, and not before an instant (ms since the epoch). */
  record Start(long delayMs, long notBeforeMs) {}

  /** What came of a trigger. */
  sealed interface Triggering {
    /** The run is there now. */
    record Accepted(String id, long createdAt) implements Triggering {}

    /** The same request came before; this is its run. */
    record Known(String id, long createdAt) implements Triggering {}

    /** Another request came before under the same id or key. */
    record Conflict(String id) implements Triggering {}
  }

  /**
   * Asks for due runs of one partition.
   *
   * @param most   leased at most
   * @param nonce  of this process
   * @param number grows with each take of a partition; the same one again gets the same runs
   */
  record Take(int partition, String pool, int most, String nonce, long number, Duration lease) {}

  /**
   * What was due.
   *
   * @param now     the store's clock, ms
   * @param nextDue when to look again, ms; -1 where nothing is known to come
   */
  record Taken(long now, long nextDue, List<Leased> runs) {}

  /**
   * A run that is the caller's until its lease ends.
   *
   * @param token what its writes must carry; {@link #OWES} for an ended run with obligations
   * @param image the run; empty where it is large and must be {@link #read}
   */
  record Leased(String id, String token, Optional<RunImage> image) {
    /** The token of an ended run that only has obligations left. */
    public static final String OWES = "owes";
  }

  /**
   * Which write of which holder.
   *
   * @param number counts the holder's writes since its take, from 1
   */
  record Hold(String id, String token, long number) {}

  /**
   * What came of a holder's write.
   */
  sealed interface Recording {
    /**
     * It was applied, now or by an earlier sending, and the run is still the caller's.
     *
     * @param stands entries that the journal has in place of those written
     */
    record Recorded(long now, Map<String, String> stands) implements Recording {}

    /** It was applied, and nobody holds the run any longer. */
    record LetGo(long now) implements Recording {}

    /** The run is another's now and nothing was recorded: drop it without touching it. */
    record Fenced() implements Recording {}
  }

  /**
   * How a run is left alone.
   *
   * @param atMs    when it is looked at again; {@link Long#MAX_VALUE} for when something comes
   * @param awaited fields whose presence ends the wait: then the run goes on at once
   */
  record Parking(RunState state, long atMs, Set<String> awaited) {}

  /** What came of an operator's wish. */
  enum Control {
    /** It was done. */
    DONE,
    /** It was so before. */
    UNCHANGED,
    /** The run's state does not allow it. */
    WRONG_STATE,
    /** There is no such run. */
    UNKNOWN
  }

  /**
   * What a run waits for.
   *
   * @param path  of the wait in the journal
   * @param entry what becomes the wait's entry, left open
   * @param large its result where that is too large for the entry
   */
  record Delivery(String id, String path, String entry, Optional<String> large, Told told) {}

  /** What came of a delivery. */
  enum Delivering {
    /** It is in the journal. */
    DELIVERED,
    /** The same delivery came before. */
    BEFORE,
    /** Nobody waits for it there any longer: give it to somebody else. */
    LATE
  }

  /**
   * A run anew.
   *
   * @param id     of the new run, in the partition of {@code old}
   * @param mark   field that names the old run in the new one
   * @param fields of the old run that the new one has as well, entries of its journal among them
   */
  record Again(String old, String id, String mark, List<String> labels, Told told,
      List<String> fields) {}

  /** What came of a wish for a new run. */
  sealed interface Remade {
    /** It is there, since now or since the same wish before. */
    record Made(String id) implements Remade {}

    /** The old run neither failed nor was canceled. */
    record WrongState() implements Remade {}

    /** There is no such run. */
    record Unknown() implements Remade {}
  }

  /** What came of sending something to one run. */
  sealed interface Mailing {
    /** It waits for it: deliver it to this waiter. */
    record Waits(String waiter) implements Mailing {}

    /** It is kept in the run until it waits for it; the same again replaces it. */
    record Kept() implements Mailing {}

    /** The run keeps as many as it may. */
    record Full() implements Mailing {}

    /** There is no such run, or it has ended. */
    record Unknown() implements Mailing {}
  }

  /** Accepts a run, once for its id and for its key. */
  Future<Triggering> trigger(NewRun run);

  /** Leases due runs. */
  Future<Taken> take(Take take);

  /** Records, and the run goes on. */
  Future<Recording> step(Hold hold, Write write);

  /** Records, and leaves the run alone; {@code Recorded} means: go on, what you await is there. */
  Future<Recording> park(Hold hold, Write write, Parking parking);

  /** Records, and ends the run; {@code LetGo} when it was applied. */
  Future<Recording> finish(Hold hold, Write write, RunState state);

  /** Prolongs leases. @return ids of runs that are another's now */
  Future<Set<String>> renew(int partition, List<Hold> holds, Duration lease);

  /** Gives a run back, so that another node goes on at once. */
  Future<Void> release(Hold hold);

  /** Tells that a step is being run; {@code note} says what its attempts were. */
  Future<Void> begin(Hold hold, String path, String note, Told told);

  /** Ends a run, whoever holds it. */
  Future<Control> cancel(String id);

  /** Lets nobody go on with a run. */
  Future<Control> pause(String id);

  /** Lets a paused run go on. */
  Future<Control> unpause(String id);

  /** Puts what a run waits for into its journal. */
  Future<Delivering> deliver(Delivery delivery);

  /** Makes a new run from one that failed or was canceled, once for each {@code mark}. */
  Future<Remade> again(Again again);

  /** There is a slot for a run that flow control blocks; false where it has ended or is paused. */
  Future<Boolean> unblock(String id);

  /** Sends JSON to a run under a name. */
  Future<Mailing> mail(String id, String name, String data);

  /** An ended run has told everybody it had to. */
  Future<Void> settle(String id);

  /** A run with its whole journal. */
  Future<Optional<RunImage>> read(String id);
}
