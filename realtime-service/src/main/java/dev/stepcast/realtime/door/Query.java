package dev.stepcast.realtime.door;

import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.problem.Problem;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** The query of a request; the door has seen to it that each parameter comes once. */
record Query(RoutingContext ctx) {
  @Nullable
  String only(String name) {
    return ctx.queryParams().get(name);
  }

  /** The channel that is asked about; the default one where none is named. */
  String channel() {
    var channel = only("channel");
    if (channel != null && !ChannelName.valid(channel)) {
      throw bad("channel", "1 to 200 characters and no controls");
    }
    return channel == null ? Ask.DEFAULT : channel;
  }

  /** A whole number from 0 to {@code most}. */
  int number(String name, int fallback, int most) {
    var text = only(name);
    if (text == null) {
      return fallback;
    }
    if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) > most) {
      throw bad(name, "a whole number, at most " + most);
    }
    return Integer.parseInt(text);
  }

  static RuntimeException bad(String name, String want) {
    return Problem.of(400, "bad-parameter", "A parameter of the query cannot be read",
        name + ": want " + want + ".").refusal();
  }
}
