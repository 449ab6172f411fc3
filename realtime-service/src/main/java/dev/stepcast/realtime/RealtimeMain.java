package dev.stepcast.realtime;

import dev.stepcast.platform.service.ServiceHost;

/** Runs realtime-service alone in this process. */
final class RealtimeMain {
  private RealtimeMain() {}

  public static void main(String[] args) {
    ServiceHost.main(RealtimeConfig::from, RealtimeService::new);
  }
}
