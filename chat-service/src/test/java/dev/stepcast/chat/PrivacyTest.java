package dev.stepcast.chat;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What must not be written down anywhere. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PrivacyTest {
  private static final String SECRET = "hunter2";

  /** Everything that is logged, as text. */
  private static final class Ears extends AppenderBase<ILoggingEvent> {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      heard.add(event.getFormattedMessage() + event.getKeyValuePairs() + event.getThrowableProxy());
    }
  }

  @Test
  void logs_and_metrics_hold_nothing_of_what_was_said() {
    var root = (Logger) LoggerFactory.getLogger("dev.stepcast");
    var before = root.getLevel();
    var ears = new Ears();
    ears.start();
    root.addAppender(ears);
    root.setLevel(Level.DEBUG);
    try {
      var house = House.open();
      live(house);
      assertThat(house.platform.metrics().scrape()).contains("chat_commands_total")
          .contains("command=\"post\"").doesNotContain(SECRET, "room_");
      house.close();
    } finally {
      root.setLevel(before);
      root.detachAppender(ears);
    }
    assertThat(ears.heard).isNotEmpty().noneMatch(line -> line.contains(SECRET))
        .noneMatch(line -> line.contains("sc_grant"));
  }

  private static void live(House house) {
    var room = house.visit().post("/api/rooms", "{\"name\":\"" + SECRET + "\",\"passcode\":\""
        + SECRET + "\"}").expect(201).text("roomId");
    var visit = house.visit();
    visit.post("/api/rooms/" + room + "/join", "{\"alias\":\"" + SECRET + "\"}").expect(401);
    visit.post("/api/rooms/" + room + "/join", "{\"alias\":\"" + SECRET + "\",\"passcode\":\""
        + SECRET + "\"}").expect(200);
    var posted = visit.say(room, SECRET).expect(201);
    visit.patch("/api/rooms/" + room + "/messages/" + posted.text("id"),
        "{\"text\":\"" + SECRET + "!\"}").expect(200);
    visit.get("/api/rooms/" + room + "/messages?limit=" + SECRET).expect(400);
    visit.post("/api/rooms/" + room + "/messages", "{\"text\":\"" + SECRET).expect(400);
    visit.post("/api/rooms/" + room + "/messages", "{\"txt\":\"" + SECRET + "\"}").expect(422);
    visit.delete("/api/rooms/" + room).expect(204);
  }
}
