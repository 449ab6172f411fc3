package dev.stepcast.realtime.transport;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SseFaultsTest extends FaultsContract {
  SseFaultsTest() {
    super(SseClient.TRANSPORT);
  }
}
