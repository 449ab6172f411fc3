package dev.stepcast.workflow.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Evaluates {@code 1000 * pow(2, retried)}: numbers, {@code retried}, + - * / %, brackets and a few
 * functions; nothing else, and no loops, so it ends.
 */
final class Expression {
  private static final int DEPTH_MAX = 50;

  private final String text;
  private final int retried;
  private int at;
  private int depth;

  private Expression(String text, int retried) {
    this.text = text.replaceAll("\\s+", "").toLowerCase(Locale.ROOT);
    this.retried = retried;
  }

  /** Its value in ms; throws {@link IllegalArgumentException} when it is none. */
  static double value(String text, int retried) {
    var expression = new Expression(text, retried);
    double value = expression.sum();
    if (expression.at < expression.text.length()) {
      throw expression.complaint();
    }
    return value;
  }

  private double sum() {
    double value = product();
    while (next('+') || next('-')) {
      value = text.charAt(at++) == '+' ? value + product() : value - product();
    }
    return value;
  }

  private double product() {
    double value = factor();
    while (next('*') || next('/') || next('%')) {
      value = switch (text.charAt(at++)) {
        case '*' -> value * factor();
        case '/' -> value / factor();
        default -> value % factor();
      };
    }
    return value;
  }

  private double factor() {
    if (++depth > DEPTH_MAX || at >= text.length()) {
      throw complaint();
    }
    double value;
    if (next('-')) {
      at++;
      value = -factor();
    } else if (next('(')) {
      value = arguments().getFirst();
    } else if (Character.isLetter(text.charAt(at))) {
      value = named(word());
    } else {
      value = number();
    }
    depth--;
    return value;
  }

  private double number() {
    int from = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || next('.'))) {
      at++;
    }
    try {
      return Double.parseDouble(text.substring(from, at));
    } catch (NumberFormatException e) {
      throw complaint();
    }
  }

  private String word() {
    int from = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  private double named(String name) {
    if (name.equals("retried")) {
      return retried;
    }
    var given = next('(') ? arguments() : List.<Double>of();
    boolean two = List.of("pow", "min", "max").contains(name);
    if (given.size() != (two ? 2 : 1)) {
      throw complaint();
    }
    double first = given.getFirst();
    return switch (name) {
      case "pow" -> Math.pow(first, given.getLast());
      case "min" -> Math.min(first, given.getLast());
      case "max" -> Math.max(first, given.getLast());
      case "sqrt" -> Math.sqrt(first);
      case "abs" -> Math.abs(first);
      case "exp" -> Math.exp(first);
      case "floor" -> Math.floor(first);
      case "ceil" -> Math.ceil(first);
      case "round" -> Math.rint(first);
      default -> throw complaint();
    };
  }

  private List<Double> arguments() {
    var all = new ArrayList<Double>();
    do {
      at++;
      all.add(sum());
    } while (next(','));
    if (!next(')')) {
      throw complaint();
    }
    at++;
    return all;
  }

  private boolean next(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private IllegalArgumentException complaint() {
    return new IllegalArgumentException("not a retry delay: '" + text + "' at " + at);
  }
}
