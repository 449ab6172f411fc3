package dev.stepcast.runs.group;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * URL groups: a message to one goes to each of its endpoints. Futures fail only with
 * {@code RedisLink.Unavailable}; every call may be sent again.
 */
public final class UrlGroups {
  private static final String CREATED = "@createdAt";
  private static final String UPDATED = "@updatedAt";

  private final RedisLink redis;
  private final Keys keys;
  private final InstantSource clock;

  /** A member of a group; {@code name} may be null. */
  public record Endpoint(String url, @Nullable String name) {}

  /** A group; times in ms since the epoch. */
  public record Group(String name, List<Endpoint> endpoints, long createdAt, long updatedAt) {}

  /** Groups in {@code redis}. */
  public UrlGroups(RedisLink redis, Keys keys, InstantSource clock) {
    this.redis = redis;
    this.keys = keys;
    this.clock = clock;
  }

  /** Adds endpoints, and makes the group where there is none; a known URL gets the new name. */
  public Future<Void> add(String group, List<Endpoint> endpoints) {
    var key = key(group);
    var index = keys.slot(group).key("topics");
    var set = Request.cmd(Command.HSET).arg(key).arg(UPDATED).arg(clock.millis());
    endpoints.forEach(one -> set.arg(one.url()).arg(one.name() == null ? "" : one.name()));
    return redis.send(key, Request.cmd(Command.HSETNX).arg(key).arg(CREATED).arg(clock.millis()))
        .compose(_ -> redis.send(key, set))
        .compose(_ -> redis.send(index, Request.cmd(Command.SADD).arg(index).arg(group)))
        .mapEmpty();
  }

  /** Removes the endpoints with these URLs or names; a group without any is no more. */
  public Future<Void> remove(String group, List<String> urlsAndNames) {
    return get(group).compose(found -> {
      var gone = found.map(Group::endpoints).orElse(List.of()).stream()
          .filter(one -> urlsAndNames.contains(one.url())
              || (one.name() != null && urlsAndNames.contains(one.name())))
          .map(Endpoint::url).toList();
      if (found.isEmpty() || gone.size() == found.get().endpoints().size()) {
        return delete(group);
      }
      var key = key(group);
      var del = Request.cmd(Command.HDEL).arg(key).arg("");
      gone.forEach(del::arg);
      return redis.send(key, del).compose(_ -> redis.send(key,
          Request.cmd(Command.HSET).arg(key).arg(UPDATED).arg(clock.millis()))).mapEmpty();
    });
  }

  /** Forgets the group. */
  public Future<Void> delete(String group) {
    var key = key(group);
    var index = keys.slot(group).key("topics");
    return redis.send(key, Request.cmd(Command.DEL).arg(key))
        .compose(_ -> redis.send(index, Request.cmd(Command.SREM).arg(index).arg(group)))
        .mapEmpty();
  }

  /** Empty where there is none. */
  public Future<Optional<Group>> get(String group) {
    var key = key(group);
    return redis.send(key, Request.cmd(Command.HGETALL).arg(key)).map(answer -> {
      Map<String, String> fields = new TreeMap<>();
      if (answer != null) {
        answer.getKeys().forEach(name -> fields.put(name, String.valueOf(answer.get(name))));
      }
      var created = fields.remove(CREATED);
      var updated = fields.remove(UPDATED);
      return created == null || updated == null ? Optional.empty()
          : Optional.of(new Group(group, fields.entrySet().stream()
              .map(one -> new Endpoint(one.getKey(), one.getValue().isEmpty() ? null
                  : one.getValue()))
              .toList(), Long.parseLong(created), Long.parseLong(updated)));
    });
  }

  /** All of them. */
  public Future<List<Group>> all() {
    var parts = IntStream.range(0, keys.partitions()).mapToObj(partition -> {
      var index = keys.slot(partition).key("topics");
      return redis.send(index, Request.cmd(Command.SMEMBERS).arg(index));
    }).toList();
    return Future.all(parts).compose(_ -> {
      var found = new ArrayList<Future<Optional<Group>>>();
      parts.forEach(part -> {
        if (part.result() != null) {
          part.result().stream().map(Response::toString).sorted().map(this::get)
              .forEach(found::add);
        }
      });
      return Future.all(found).map(_ -> found.stream().map(Future::result)
          .flatMap(Optional::stream).toList());
    });
  }

  private String key(String group) {
    return keys.slot(group).key("topic", group);
  }
}
