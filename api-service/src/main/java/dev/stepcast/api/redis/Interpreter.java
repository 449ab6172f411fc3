package dev.stepcast.api.redis;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what a program's command means: something about a channel, or about a key of its own. A name
 * may be both; what asks or ends it then concerns both.
 */
final class Interpreter {
  private static final Set<String> BOTH = Set.of("DEL", "UNLINK", "EXISTS", "EXPIRE", "PEXPIRE",
      "EXPIREAT", "PEXPIREAT", "TTL", "PTTL", "TYPE", "XLEN", "PERSIST");
  private static final Set<String> MANY = Set.of("DEL", "UNLINK", "EXISTS");

  private final OwnKeys own;
  private final Channels channels;

  Interpreter(OwnKeys own, Channels channels) {
    this.own = own;
    this.channels = channels;
  }

  /** Carries it out; fails with {@link Refused}, or with what Redis says. */
  Future<@Nullable Object> run(List<Word> command) {
    try {
      return interpret(command);
    } catch (Refused refused) {
      return Future.failedFuture(refused);
    }
  }

  private Future<@Nullable Object> interpret(List<Word> command) {
    if (command.isEmpty()) {
      throw new Refused("ERR empty command");
    }
    var name = command.getFirst().text().toUpperCase(Locale.ROOT);
    return switch (name) {
      case "PING" -> Future.succeededFuture(command.size() > 1 ? command.get(1).text()
          : new Replies.Status("PONG"));
      case "ECHO" -> Future.succeededFuture(word(command, 1).text());
      case "PUBLISH" -> channels.publish(word(command, 1).text(), word(command, 2).text())
          .map(receivers -> receivers);
      case "XADD" -> added(command);
      case "XRANGE", "XREVRANGE" -> channels.range(atLeast(command, 4))
          .compose(found -> found != null ? Future.succeededFuture(found)
              : own.run(command).map(Replies::plain));
      default -> BOTH.contains(name) ? both(atLeast(command, 2), name)
          : own.run(command).map(Replies::plain);
    };
  }

  /** All of them with nothing in between; only keys of the program's own can be part of it. */
  Future<List<Object>> together(List<List<Word>> commands) {
    try {
      for (var command : commands) {
        if (command.isEmpty() || command.getFirst().is("PUBLISH")
            || (command.getFirst().is("XADD") && Emission.of(command) != null)) {
          throw new Refused("ERR a transaction cannot emit or publish; do it after EXEC");
        }
      }
      return own.together(commands).map(answer -> {
        var values = new ArrayList<Object>();
        answer.forEach(one -> values.add(Replies.plain(one)));
        return values;
      });
    } catch (Refused refused) {
      return Future.failedFuture(refused);
    }
  }

  private Future<@Nullable Object> added(List<Word> command) {
    var emission = Emission.of(atLeast(command, 5));
    return emission == null ? own.run(command).map(Replies::plain)
        : channels.emit(emission).map(id -> id);
  }

  /** Counts add up; of two times or types the one that exists is answered. */
  private Future<@Nullable Object> both(List<Word> command, String name) {
    var names = MANY.contains(name) ? command.subList(1, command.size()) : command.subList(1, 2);
    var asked = new ArrayList<Future<@Nullable Object>>(
        List.of(own.run(command).map(Replies::plain)));
    names.forEach(key -> asked.add(channels.keyed(command, key.text())));
    return Future.all(asked).map(_ -> {
      var answers = asked.stream().map(Future::result).toList();
      return MANY.contains(name) ? sum(answers, names.size())
          : answers.stream().reduce(Interpreter::better).orElse(null);
    });
  }

  private static long sum(List<@Nullable Object> answers, int most) {
    long all = answers.stream().mapToLong(answer -> answer instanceof Long n ? n : 0).sum();
    return Math.min(all, most);
  }

  private static @Nullable Object better(@Nullable Object own, @Nullable Object channels) {
    if (own instanceof Long a && channels instanceof Long b) {
      return Math.max(a, b);
    }
    boolean none = own instanceof Replies.Status status && status.text().equals("none");
    return (own == null || none) && channels != null ? channels : own;
  }

  private static Word word(List<Word> command, int index) {
    return atLeast(command, index + 1).get(index);
  }

  private static List<Word> atLeast(List<Word> command, int words) {
    if (command.size() < words) {
      throw new Refused("ERR wrong number of arguments for '"
          + command.getFirst().text().toUpperCase(Locale.ROOT) + "' command");
    }
    return command;
  }
}
