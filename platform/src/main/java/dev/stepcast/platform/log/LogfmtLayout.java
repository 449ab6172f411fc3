package dev.stepcast.platform.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * One log line: {@code ts=… level=info event=step.completed run=…}. Values with spaces, quotes or
 * controls are quoted and escaped, so a line never breaks and cannot be forged.
 */
public final class LogfmtLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter INSTANT = DateTimeFormatter
      .ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Sets what is logged: error, warn, info or debug of ours; others' at warn or above. */
  public static void level(String level) {
    if (LoggerFactory.getLogger("dev.stepcast") instanceof Logger ours) {
      ours.setLevel(Level.toLevel(level));
    }
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    var line = new StringBuilder(160).append("ts=").append(INSTANT.format(event.getInstant()))
        .append(" level=").append(event.getLevel().toString().toLowerCase(Locale.ROOT));
    pair(line, "event", event.getFormattedMessage());
    var pairs = event.getKeyValuePairs();
    if (pairs != null) {
      pairs.forEach(pair -> pair(line, pair.key, String.valueOf(pair.value)));
    }
    var thrown = event.getThrowableProxy();
    if (thrown != null) {
      pair(line, "stack", ThrowableProxyUtil.asString(thrown));
    }
    return line.append('\n').toString();
  }

  private static void pair(StringBuilder line, String key, String value) {
    line.append(' ').append(key).append('=');
    if (!value.isEmpty()
        && value.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && c < 127)) {
      line.append(value);
      return;
    }
    line.append('"');
    value.chars().forEach(c -> escaped(line, (char) c));
    line.append('"');
  }

  private static void escaped(StringBuilder line, char c) {
    switch (c) {
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      case '"' -> line.append("\\\"");
      case '\\' -> line.append("\\\\");
      default -> {
        if (Character.isISOControl(c)) {
          line.append(String.format("\\u%04x", (int) c));
        } else {
          line.append(c);
        }
      }
    }
  }
}
