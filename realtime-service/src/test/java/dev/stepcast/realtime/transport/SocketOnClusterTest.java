package dev.stepcast.realtime.transport;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SocketOnClusterTest extends ClusterContract {
  SocketOnClusterTest() {
    super(SocketClient.TRANSPORT);
  }
}
