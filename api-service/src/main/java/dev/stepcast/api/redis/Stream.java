package dev.stepcast.api.redis;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelLog.Entry;
import dev.stepcast.platform.channel.ChannelLog.Limit;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.schemas.Wire;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One program that listens to one channel. It is told every event once, in order: what was missed
 * while Redis was away is read from the history.
 */
final class Stream {
  private static final Limit PAGE = new Limit(200, 1024 * 1024);
  private static final String END = "9999999999999-0";
  private static final int BACKLOG_BYTES_MAX = 4 * 1024 * 1024;

  private final ChannelLog channels;
  private final ChannelName channel;
  private final HttpServerResponse response;
  private final Set<String> awaited = new HashSet<>();
  private String position = "";
  private boolean reading;
  private boolean readAgain;

  Stream(ChannelLog channels, ChannelName channel, HttpServerResponse response) {
    this.channels = channels;
    this.channel = channel;
    this.response = response;
    response.setWriteQueueMaxSize(BACKLOG_BYTES_MAX);
  }

  /** The subscriptions that must stand before the program is told that it is subscribed. */
  void needs(List<String> rung) {
    awaited.addAll(rung);
  }

  /** One of them stands, for the first time or again. */
  void subscribed(String rung) {
    if (!awaited.remove(rung)) {
      read();
    } else if (awaited.isEmpty()) {
      channels.readAfter(channel, END, new Limit(1, 1)).onSuccess(page -> {
        position = page.tail();
        send("subscribe", "1");
        if (readAgain) {
          read();
        }
      }).onFailure(_ -> response.reset());
    }
  }

  /** An event as it rings: id, the id before it, name and data, separated by blanks. */
  void event(String ring) {
    var parts = ring.split(" ", 4);
    if (position.isEmpty() || parts.length < 4) {
      readAgain = true; // it may lie after the end that is just being looked up
      return;
    }
    if (!reading && parts[1].equals(position)) {
      send(new Entry(parts[0], parts[1], parts[2], parts[3]));
    } else {
      read();
    }
  }

  /** A message that is no event. */
  void published(String message) {
    if (!position.isEmpty()) {
      send("message", message.replace("\n", "\\n"));
    }
  }

  /** Whatever happened after our position; one read at a time. */
  private void read() {
    if (position.isEmpty() || response.closed()) {
      return;
    }
    if (reading) {
      readAgain = true;
      return;
    }
    reading = true;
    readAgain = false;
    channels.readAfter(channel, position, PAGE).onComplete(page -> {
      reading = false;
      if (page.failed()) {
        response.reset();
        return;
      }
      page.result().entries().forEach(this::send);
      if (readAgain || page.result().entries().size() == PAGE.count()) {
        read();
      }
    });
  }

  private void send(Entry entry) {
    position = entry.id();
    send("message", "{\"data\":" + entry.data() + ",\"event\":" + Wire.encode(entry.event())
        + ",\"channel\":" + Wire.encode(channel.value()) + ",\"id\":\"" + entry.id() + "\"}");
  }

  private void send(String kind, String payload) {
    if (response.closed()) {
      return;
    }
    if (response.writeQueueFull()) {
      response.reset(); // it does not read; it will find the events in the history
      return;
    }
    response.write("data: " + kind + "," + channel.value() + "," + payload + "\n\n");
  }
}
