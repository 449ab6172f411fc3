package dev.stepcast.realtime.transport;

import dev.stepcast.realtime.transport.Client.Transport;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same promises on a Redis Cluster, and while its slots move. */
abstract class ClusterContract extends TransportContract {
  ClusterContract(Transport transport) {
    super(transport);
  }

  @Override
  String redisUrl() {
    return Groups.cluster().url();
  }

  @Override
  boolean brief() {
    return Groups.BRIEF;
  }

  @Override
  void killSubscriptions() {
    for (int master = 0; master < Groups.MASTERS; master++) {
      Groups.cluster().ask(master, "CLIENT", "KILL", "TYPE", "pubsub");
    }
  }

  @Test
  void a_channel_whose_slot_moves_back_and_forth_loses_and_doubles_nothing() {
    var channel = fresh();
    var cluster = Groups.cluster();
    int slot = cluster.slot(node.platform().keys().channel(channel));
    try (var client = connect(Map.of(channel, ""))) {
      awaitConnected(client, 1);
      var ids = new ArrayList<>(emit(channel, 3));
      for (int round = 0; round < 3; round++) {
        int owner = cluster.owner(slot);
        cluster.move(slot, owner, (owner + 1) % Groups.MASTERS);
        ids.addAll(emit(channel, 3));
      }
      awaitIds(client, ids);
    }
  }
}
