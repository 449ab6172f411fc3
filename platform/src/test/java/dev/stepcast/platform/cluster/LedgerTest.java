package dev.stepcast.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.platform.testing.TestRedis;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Leases, with time set by hand. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LedgerTest {
  private static final long LEASE_MS = 60_000;

  private final Nodes nodes = new Nodes(TestRedis.url());

  @AfterEach
  void close() throws Exception {
    nodes.close();
  }

  @Test
  void who_is_heard_buries_who_is_not() throws Exception {
    var one = member("n1");
    member("n2");
    Nodes.get(one.beat());
    lease("n2", 1);
    assertThat(Nodes.get(one.beat())).isPresent();
    assertThat(nodes.count("nodes")).isEqualTo(1);
  }

  /** A fail-over may take longer than a lease: the first to be back must not bury the others. */
  @Test
  void where_nobody_was_heard_redis_was_away_and_all_get_another_lease() throws Exception {
    var one = member("n1");
    var other = member("n2");
    Nodes.get(one.beat());
    lease("n1", 1);
    lease("n2", 1);
    nodes.redis(Request.cmd(Command.HSET).arg(nodes.key("head")).arg("beat").arg(1));
    assertThat(Nodes.get(one.beat())).isPresent();
    assertThat(Nodes.get(other.beat())).isPresent();
    lease("n2", 1);
    Nodes.get(one.beat());
    assertThat(Nodes.get(other.beat())).isEmpty();
  }

  private Ledger member(String node) throws Exception {
    var ledger = new Ledger(nodes.link(), nodes.options().keys(), node, LEASE_MS);
    Nodes.get(ledger.join(Optional.empty(), List.of()));
    return ledger;
  }

  private void lease(String node, long endsAt) throws Exception {
    nodes.redis(Request.cmd(Command.ZADD).arg(nodes.key("nodes")).arg(endsAt).arg(node));
  }
}
