package dev.stepcast.workflow.simulation;

import dev.stepcast.platform.redis.RedisLink.Unavailable;
import dev.stepcast.runs.store.RunImage;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What lies between a holder and the stores: a network and processes that fail. */
final class Faults {
  private final World world;
  private final List<String> late;

  /** A call that can be sent, once or again. */
  interface Ask {
    Future<?> send();
  }

  /** Calls named in {@code late} may be applied again long after they were answered. */
  Faults(World world, List<String> late) {
    this.world = world;
    this.late = late;
  }

  /** {@code real} behind the network. */
  <T> T before(Class<T> type, T real) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
        (_, method, args) -> call(method.getName(), () -> {
          var answer = ask(real, method, args);
          world.note(() -> method.getName() + Arrays.toString(args) + " = "
              + shown(answer.result()));
          return answer;
        })));
  }

  private static Object shown(Object answer) {
    return answer instanceof Optional<?> some && some.orElse(null) instanceof RunImage image
        ? new TreeMap<>(image.fields())
        : String.valueOf(answer);
  }

  private static Future<?> ask(Object real, Method method, Object[] args) {
    try {
      return (Future<?>) method.invoke(real, args);
    } catch (InvocationTargetException e) {
      throw new AssertionError(method.getName(), e.getCause());
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private Future<?> call(String name, Ask real) {
    var me = Holder.current();
    if (me == null) {
      return real.send();
    }
    me.live();
    return me.turns.alone() || world.draw(2) == 0 ? call(name, real, me)
        : me.turns.later(() -> call(name, real, me));
  }

  private Future<?> call(String name, Ask real, Holder me) {
    if (!world.faults()) {
      return real.send();
    }
    world.interleave(me);
    var answer = faulty(name, real, me);
    world.interleave(me);
    return answer;
  }

  private Future<?> faulty(String name, Ask real, Holder me) {
    int drawn = world.draw(200);
    if (drawn < 15) {
      world.note(() -> "FAULT " + drawn + " at " + name);
    }
    if (drawn < 4 && late.contains(name)) {
      world.later(real);
    }
    return switch (drawn) {
      case 0, 4, 5 -> lost("request");
      case 6, 7 -> {
        real.send();
        yield lost("reply");
      }
      case 8 -> {
        me.crash();
        yield real.send();
      }
      case 9, 10 -> {
        real.send();
        me.crash();
        yield lost("process");
      }
      case 11, 12 -> {
        me.freeze();
        yield real.send();
      }
      case 13, 14 -> {
        var answer = real.send();
        me.freeze();
        yield answer;
      }
      default -> real.send();
    };
  }

  private static Future<?> lost(String what) {
    return Future.failedFuture(new Unavailable("lost " + what, null));
  }

  /** Timers without time: what is sent again is sent at once, the rest by chance or never. */
  Vertx timers(long stepStartAfterMs) {
    return (Vertx) Proxy.newProxyInstance(Vertx.class.getClassLoader(),
        new Class<?>[]{Vertx.class}, (_, method, args) -> switch (method.getName()) {
          case "setTimer" -> timer((Long) args[0], handler(args[1]), stepStartAfterMs);
          case "cancelTimer" -> true;
          default -> throw new UnsupportedOperationException(method.getName());
        });
  }

  @SuppressWarnings("unchecked") // as Vertx declares it
  private static Handler<Long> handler(Object given) {
    return (Handler<Long>) given;
  }

  private @Nullable Long timer(long delayMs, Handler<Long> handler, long stepStartAfterMs) {
    boolean now = delayMs == stepStartAfterMs ? world.draw(10) == 0
        : delayMs >= 50 || world.draw(10) == 0;
    if (now) {
      handler.handle(1L);
    }
    return 1L;
  }
}
