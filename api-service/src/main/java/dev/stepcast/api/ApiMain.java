package dev.stepcast.api;

import dev.stepcast.platform.service.ServiceHost;

/** Runs api-service alone. */
final class ApiMain {
  private ApiMain() {}

  static void main() {
    ServiceHost.main(ApiConfig::from, ApiService::new);
  }
}
