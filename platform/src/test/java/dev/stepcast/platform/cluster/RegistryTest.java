package dev.stepcast.platform.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RegistryTest {
  private static final int ROUNDS = 20_000;

  private final Registry registry = new Registry("self");

  @Test
  void what_is_local_only_is_never_told_to_others() {
    registry.addOwn("a", new RegistrationInfo("self", 1, true));
    registry.addOwn("a", own(2));
    assertThat(registry.own()).containsExactly(new Change.Added("self", 2, "a"));
    assertThat(registry.at("a")).hasSize(2);
  }

  @Test
  void adding_twice_is_adding_once() {
    registry.addOwn("a", own(1));
    registry.addOwn("a", own(1));
    registry.added(new Change.Added("other", 1, "a"));
    registry.added(new Change.Added("other", 1, "a"));
    assertThat(registry.at("a")).hasSize(2);
  }

  /** Any thread registers and looks up, one alone follows the log, all at one address. */
  @Test
  void no_thread_undoes_what_another_did() throws Exception {
    registry.addOwn("a", own(100));
    registry.added(new Change.Added("steady", 1, "a"));
    var missed = new AtomicBoolean();
    var tasks = new ArrayList<Callable<Void>>();
    for (int thread = 0; thread < 3; thread++) {
      var info = own(thread);
      tasks.add(() -> {
        for (int i = 0; i < ROUNDS; i++) {
          registry.addOwn("a", info);
          missed.compareAndSet(false, !registry.at("a").contains(info)
              || !registry.at("a").contains(own(100)) || registry.at("a").size() < 3);
          registry.dropOwn("a", info);
          missed.compareAndSet(false, registry.at("a").contains(info));
        }
        return null;
      });
    }
    tasks.add(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        registry.added(new Change.Added("other", i, "a"));
        if (i % 3 == 0) {
          registry.clear("other");
        } else {
          registry.dropped(new Change.Dropped("other", i, "a"));
        }
      }
      return null;
    });
    try (var threads = Executors.newFixedThreadPool(tasks.size())) {
      for (var done : threads.invokeAll(tasks, 60, SECONDS)) {
        done.get();
      }
    }
    assertThat(missed).isFalse();
    assertThat(registry.at("a")).containsExactlyInAnyOrder(own(100),
        new RegistrationInfo("steady", 1, false));
  }

  private static RegistrationInfo own(long seq) {
    return new RegistrationInfo("self", seq, false);
  }
}
