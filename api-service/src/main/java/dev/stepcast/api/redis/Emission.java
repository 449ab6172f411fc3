package dev.stepcast.api.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An XADD that emits: its fields are data, event and channel, as {@code @upstash/realtime} writes
 * them.
 *
 * @param keepMax entries that the program wants kept; null for as many as the policy keeps
 */
record Emission(String channel, String event, Word data, @Nullable String keepMax) {
  private static final Set<String> FIELDS = Set.of("data", "event", "channel");
  private static final int FIRST_OPTION = 2;

  /** The emission that {@code command} is; null where it is an XADD of the program's own. */
  static @Nullable Emission of(List<Word> command) {
    var id = FIRST_OPTION;
    String keepMax = null;
    while (id < command.size() && isOption(command.get(id))) {
      if (command.get(id).is("NOMKSTREAM")) {
        id++;
        continue;
      }
      var value = id + 1 < command.size() && isSign(command.get(id + 1)) ? id + 2 : id + 1;
      keepMax = command.get(id).is("MAXLEN") && value < command.size()
          ? command.get(value).text()
          : keepMax;
      id = value + 1;
    }
    Map<String, Word> fields = new HashMap<>();
    for (int i = id + 1; i + 1 < command.size(); i += 2) {
      fields.put(command.get(i).text(), command.get(i + 1));
    }
    var event = fields.get("event");
    var data = fields.get("data");
    return !fields.keySet().equals(FIELDS) || event == null || data == null ? null
        : new Emission(command.get(1).text(), event.text(), data, keepMax);
  }

  private static boolean isOption(Word word) {
    return word.is("NOMKSTREAM") || word.is("MAXLEN") || word.is("MINID") || word.is("LIMIT");
  }

  private static boolean isSign(Word word) {
    return word.is("=") || word.is("~");
  }
}
