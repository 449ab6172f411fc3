package dev.stepcast.runs.schedule;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The instants at which a cron expression fires: five fields, or six with seconds first. A time of
 * day that its zone skips does not fire that day; one that comes twice fires once.
 */
final class Ticks {
  private static final CronDefinition WITH_SECONDS = fields(true);
  private static final CronDefinition WITHOUT = fields(false);
  private static final int WITH_SECONDS_PARTS = 6;

  private final ExecutionTime time;
  private final ZoneId zone;

  private Ticks(ExecutionTime time, ZoneId zone) {
    this.time = time;
    this.zone = zone;
  }

  /** Why there are no such ticks. */
  static final class Unreadable extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final String member;

    Unreadable(String member, String complaint) {
      super(complaint);
      this.member = member;
    }

    /** Which of {@code cron} and {@code zone} cannot be read. */
    String member() {
      return member;
    }
  }

  /** Reads both, or throws {@link Unreadable}. */
  static Ticks of(String cron, String zone) {
    return new Ticks(time(cron.strip()), zone(zone));
  }

  private static ExecutionTime time(String cron) {
    try {
      boolean seconds = cron.split("\\s+").length == WITH_SECONDS_PARTS;
      return ExecutionTime
          .forCron(new CronParser(seconds ? WITH_SECONDS : WITHOUT).parse(cron).validate());
    } catch (IllegalArgumentException e) {
      throw new Unreadable("cron", String.valueOf(e.getMessage()));
    }
  }

  private static ZoneId zone(String zone) {
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new Unreadable("zone", "want a name such as Europe/Berlin, or UTC");
    }
  }

  /** The first one after {@code ms}; empty where there is none any more. */
  OptionalLong after(long ms) {
    return millis(time.nextExecution(at(ms)));
  }

  /** The last one at or before {@code ms}. */
  OptionalLong lastUntil(long ms) {
    return millis(time.lastExecution(at(ms + 1)));
  }

  private ZonedDateTime at(long ms) {
    return Instant.ofEpochMilli(ms).atZone(zone);
  }

  private static OptionalLong millis(Optional<ZonedDateTime> at) {
    return at.map(time -> OptionalLong.of(time.toInstant().toEpochMilli()))
        .orElseGet(OptionalLong::empty);
  }

  private static CronDefinition fields(boolean seconds) {
    var fields = CronDefinitionBuilder.defineCron();
    if (seconds) {
      fields.withSeconds().withValidRange(0, 59).and();
    }
    return fields.withMinutes().withValidRange(0, 59).and()
        .withHours().withValidRange(0, 23).and()
        .withDayOfMonth().withValidRange(1, 31).and()
        .withMonth().withValidRange(1, 12).and()
        .withDayOfWeek().withValidRange(0, 7).withMondayDoWValue(1).withIntMapping(7, 0).and()
        .instance();
  }
}
