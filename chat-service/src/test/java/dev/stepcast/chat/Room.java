package dev.stepcast.chat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of a room as pure code: what the scripts must do, told a second time. */
final class Room {
  final Map<Integer, String> seats = new LinkedHashMap<>();
  final List<String> events = new ArrayList<>();
  final Map<Integer, Integer> authors = new HashMap<>();
  private final Map<String, Integer> sent = new HashMap<>();
  private final Map<Integer, Integer> lives = new HashMap<>();
  private final int most;
  @Nullable
  Integer owner;
  boolean locked;
  boolean ended;
  int sequence;

  Room(int most) {
    this.most = most;
  }

  /** What somebody does: {@code who} by number. */
  sealed interface Deed {
    int who();

    record Join(int who, String alias) implements Deed {}

    record Leave(int who) implements Deed {}

    record Kick(int who, int whom) implements Deed {}

    record Lock(int who, boolean locked) implements Deed {}

    record Post(int who, @Nullable String clientId) implements Deed {}

    record Edit(int who, int sequence) implements Deed {}

    record Delete(int who, int sequence) implements Deed {}

    record Destroy(int who) implements Deed {}
  }

  /** The kind of problem that it leads to; {@code ok} if it is done. */
  String does(Deed deed) {
    if (ended) {
      return "room-gone";
    }
    if (deed instanceof Deed.Join join) {
      return join(join);
    }
    if (!seats.containsKey(deed.who())) {
      return "seat-required";
    }
    return switch (deed) {
      case Deed.Join _ -> throw new AssertionError();
      case Deed.Leave(int who) -> vacate(who);
      case Deed.Kick(int who, int whom) -> !mayKick(who, whom) ? "not-owner"
          : seats.containsKey(whom) ? vacate(whom)
              : "member-unknown";
      case Deed.Lock(int who, boolean wanted) -> lock(who, wanted);
      case Deed.Post post -> post(post);
      case Deed.Edit(int who, int number) -> amend(who, number, "chat.edit");
      case Deed.Delete(int who, int number) -> amend(who, number, "chat.delete");
      case Deed.Destroy _ -> destroy();
    };
  }

  private String join(Deed.Join join) {
    if (seats.containsKey(join.who())) {
      return "ok";
    }
    if (locked) {
      return "room-locked";
    }
    if (seats.size() == most) {
      return "room-full";
    }
    if (seats.containsValue(join.alias())) {
      return "alias-taken";
    }
    seats.put(join.who(), join.alias());
    lives.merge(join.who(), 1, Integer::sum);
    owner = owner == null ? join.who() : owner;
    return told("chat.join");
  }

  private boolean mayKick(int who, int whom) {
    return who == whom || Integer.valueOf(who).equals(owner);
  }

  private String vacate(int who) {
    seats.remove(who);
    if (Integer.valueOf(who).equals(owner)) {
      owner = seats.keySet().stream().findFirst().orElse(null);
    }
    authors.values().removeIf(author -> author == who);
    return told("chat.leave");
  }

  private String lock(int who, boolean wanted) {
    if (!Integer.valueOf(who).equals(owner)) {
      return "not-owner";
    }
    if (locked == wanted) {
      return "ok";
    }
    locked = wanted;
    return told("chat.lock");
  }

  private String post(Deed.Post post) {
    var once = post.who() + "/" + lives.get(post.who()) + "/" + post.clientId();
    if (post.clientId() != null && sent.putIfAbsent(once, sequence + 1) != null) {
      return "ok";
    }
    sequence++;
    authors.put(sequence, post.who());
    return told("chat.message");
  }

  private String amend(int who, int number, String event) {
    var author = authors.get(number);
    if (author == null || author != who) {
      return author == null ? "message-not-mine" : "not-yours";
    }
    if (event.equals("chat.delete")) {
      authors.remove(number);
    }
    return told(event);
  }

  private String destroy() {
    ended = true;
    events.clear();
    return told("chat.destroy");
  }

  private String told(String event) {
    events.add(event);
    return "ok";
  }
}
