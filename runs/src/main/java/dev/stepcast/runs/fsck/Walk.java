package dev.stepcast.runs.fsck;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.runs.fsck.Fsck.Finding;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every key of a deployment, a page at a time. A Redis Cluster has no list of all keys: there it is
 * every run that an index has, the indexes themselves, and what is due.
 */
final class Walk {
  private static final int PAGE = 200;
  private static final List<String> KNOWN = Stream.concat(
      Stream.of("due:java", "due:endpoint"), RunCheck.INDEXES.stream().map(name -> "idx:" + name))
      .toList();

  private final RedisLink redis;
  private final Keys keys;
  private final Pattern shape;

  /**
   * A key.
   *
   * @param head prefix and hash tag
   * @param kind first word after it
   * @param name the rest
   */
  record Place(String key, String head, String kind, String name) {}

  Walk(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
    this.shape = Pattern.compile("(" + Pattern.quote(keys.prefix())
        + ":\\{[^}]*\\}:)(flow:active|flow:queue|[^:]+):?(.*)", Pattern.DOTALL);
  }

  /** Checks each key and tells what was found. */
  Future<Void> each(Function<Place, Future<List<Finding>>> check,
      Consumer<List<Finding>> found) {
    return redis.cluster() ? known(check, found) : scan("0", check, found);
  }

  private Future<Void> scan(String cursor, Function<Place, Future<List<Finding>>> check,
      Consumer<List<Finding>> found) {
    var pattern = keys.prefix() + ":{*";
    return redis.send(keys.slot(0).head(), Request.cmd(Command.SCAN).arg(cursor).arg("MATCH")
        .arg(pattern).arg("COUNT").arg(PAGE)).compose(answer -> {
          if (answer == null) {
            return Future.succeededFuture();
          }
          var next = answer.get(0).toString();
          return page(strings(answer.get(1)), check, found)
              .compose(_ -> next.equals("0") ? Future.succeededFuture()
                  : scan(next, check, found));
        });
  }

  private Future<Void> page(List<String> names, Function<Place, Future<List<Finding>>> check,
      Consumer<List<Finding>> found) {
    var all = names.stream().map(shape::matcher).filter(match -> match.matches())
        .map(match -> new Place(match.group(), match.group(1), match.group(2), match.group(3)))
        .map(check).toList();
    return Future.all(all).map(_ -> {
      all.forEach(one -> found.accept(one.result()));
      return null;
    });
  }

  private Future<Void> known(Function<Place, Future<List<Finding>>> check,
      Consumer<List<Finding>> found) {
    Future<Void> done = Future.succeededFuture();
    for (int part : IntStream.range(0, keys.partitions()).toArray()) {
      var head = keys.slot(part).head();
      done = done.compose(_ -> page(KNOWN.stream().map(name -> head + name).toList(), check,
          found)).compose(_ -> members(redis, head + "idx:all",
              some -> page(
                  some.stream().map(id -> head + "run:" + id).toList(), check, found)));
    }
    return done;
  }

  /** The members of a sorted set, a page at a time. */
  static Future<Void> members(RedisLink redis, String key,
      Function<List<String>, Future<Void>> each) {
    return members(redis, key, "0", each);
  }

  private static Future<Void> members(RedisLink redis, String key, String cursor,
      Function<List<String>, Future<Void>> each) {
    return redis.send(key, Request.cmd(Command.ZSCAN).arg(key).arg(cursor).arg("COUNT").arg(PAGE))
        .compose(answer -> {
          if (answer == null) {
            return Future.succeededFuture();
          }
          var next = answer.get(0).toString();
          var pairs = strings(answer.get(1));
          var some = IntStream.range(0, pairs.size() / 2).mapToObj(i -> pairs.get(2 * i)).toList();
          return each.apply(some).compose(_ -> next.equals("0") ? Future.succeededFuture()
              : members(redis, key, next, each));
        });
  }

  private static List<String> strings(@Nullable Response answer) {
    var all = new ArrayList<String>();
    if (answer != null) {
      answer.forEach(one -> all.add(one.toString()));
    }
    return all;
  }
}
