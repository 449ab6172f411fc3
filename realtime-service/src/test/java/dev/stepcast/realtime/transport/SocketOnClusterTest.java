package dev.stepcast.realtime.transport;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayNameGeneration(ReplaceUnderscores.class)
@EnabledIfSystemProperty(named = "soak", matches = "true")
class SocketOnClusterTest extends ClusterContract {
  SocketOnClusterTest() {
    super(SocketClient.TRANSPORT);
  }
}
