package dev.stepcast.chat;

import dev.stepcast.platform.service.ServiceHost;

/** Runs chat-service alone. */
final class ChatMain {
  private ChatMain() {}

  static void main() {
    ServiceHost.main(ChatConfig::from, ChatService::new);
  }
}
