package dev.stepcast.api.redis;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of programs: everything that is no channel. They lie under a prefix in one slot, so that
 * commands about several of them, and transactions, work on a cluster too, and none can reach ours.
 */
final class OwnKeys {
  private static final Script TOGETHER = Script.of(OwnKeys.class, "together");
  private static final Map<String, Places> ALLOWED = allowed();

  private final RedisLink redis;
  private final String prefix;

  /** Which words of a command are keys. */
  private record Places(int first, int last, int step) {
    boolean holds(int index, int words) {
      return index >= first && (last < 0 ? index < words : index <= last)
          && (index - first) % step == 0;
    }
  }

  OwnKeys(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.prefix = keys.slotTagged("app").key("k") + ":";
  }

  /** Carries out one command; fails with {@link Refused} or what Redis says. */
  Future<@Nullable Response> run(List<Word> command) {
    var translated = translated(command);
    var request = Request.cmd(Command.create(translated.getFirst()));
    translated.subList(1, translated.size()).forEach(request::arg);
    return redis.send(prefix, request);
  }

  /** Carries out all of them, or none, with nothing in between. */
  Future<Response> together(List<List<Word>> commands) {
    var keys = new ArrayList<String>(List.of(prefix));
    var args = new ArrayList<String>();
    for (var command : commands) {
      var translated = translated(command);
      args.add(String.valueOf(translated.size()));
      args.addAll(translated);
      for (int i = 1; i < translated.size(); i++) {
        if (places(command).holds(i, command.size())) {
          keys.add(translated.get(i));
        }
      }
    }
    return redis.run(TOGETHER, keys, args);
  }

  /** The command with its keys moved to where programs' keys are. */
  private List<String> translated(List<Word> command) {
    var places = places(command);
    var words = new ArrayList<String>();
    for (int i = 0; i < command.size(); i++) {
      var text = command.get(i).text();
      words.add(i == 0 ? text.toUpperCase(Locale.ROOT)
          : places.holds(i, command.size()) ? prefix + text : text);
    }
    if (words.size() <= places.first()) {
      throw new Refused("ERR wrong number of arguments for '" + words.getFirst() + "' command");
    }
    return words;
  }

  private static Places places(List<Word> command) {
    var name = command.getFirst().text().toUpperCase(Locale.ROOT);
    var places = ALLOWED.get(name);
    if (places == null) {
      throw new Refused("ERR Command is not available: '" + name
          + "'. See docs/COMPATIBILITY.md for what is.");
    }
    return places;
  }

  private static Map<String, Places> allowed() {
    try (var in = OwnKeys.class.getResourceAsStream("commands.txt")) {
      if (in == null) {
        throw new IllegalStateException("commands.txt is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
          .filter(line -> !line.startsWith("#")).map(line -> line.split(" ", -1))
          .collect(Collectors.toUnmodifiableMap(words -> words[0], words -> new Places(
              Integer.parseInt(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
