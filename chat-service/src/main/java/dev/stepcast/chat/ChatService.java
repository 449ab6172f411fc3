package dev.stepcast.chat;

import dev.stepcast.chat.room.Rooms;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.service.Service;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;

/** Ephemeral rooms over HTTP; what happens in them goes out on their channels. */
public final class ChatService implements Service {
  private final Platform platform;
  private final Rooms kept;
  private final RoomRoutes rooms;
  private final MessageRoutes messages;
  private Runnable stopKeepingTime = () -> {};

  /** Wires the service; connects nothing yet. */
  public ChatService(Platform platform, ChatConfig config) {
    this.platform = platform;
    this.kept = new Rooms(platform.redis(), platform.keys(), config.tombstone());
    var visitor = new Visitor(platform.grants(), config.tombstone());
    this.rooms = new RoomRoutes(platform.http(), config, kept, visitor);
    this.messages = new MessageRoutes(platform.http(), kept, visitor);
  }

  @Override
  public String name() {
    return "chat-service";
  }

  @Override
  public Future<Void> start() {
    stopKeepingTime = kept.keepTime(platform.vertx());
    return Future.succeededFuture();
  }

  @Override
  public void routes(Router router) {
    rooms.mount(router);
    messages.mount(router);
  }

  @Override
  public Future<Void> stop() {
    stopKeepingTime.run();
    return Future.succeededFuture();
  }
}
