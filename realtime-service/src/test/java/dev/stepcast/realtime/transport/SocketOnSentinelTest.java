package dev.stepcast.realtime.transport;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SocketOnSentinelTest extends TransportContract {
  SocketOnSentinelTest() {
    super(SocketClient.TRANSPORT);
  }

  @Override
  String redisUrl() {
    return Groups.sentinel().url();
  }

  @Override
  boolean brief() {
    return Groups.BRIEF;
  }
}
