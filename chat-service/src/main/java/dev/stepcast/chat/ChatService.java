package dev.stepcast.chat;

import dev.stepcast.chat.desk.Desk;
import dev.stepcast.chat.desk.Desk.Pace;
import dev.stepcast.chat.desk.Desk.Terms;
import dev.stepcast.chat.limit.Limits;
import dev.stepcast.chat.limit.Limits.Kind;
import dev.stepcast.chat.passcode.Passcodes;
import dev.stepcast.chat.room.Rooms;
import dev.stepcast.chat.room.Rooms.Patience;
import dev.stepcast.chat.talk.Talk;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.service.Service;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Map;

/** Ephemeral rooms over HTTP; what happens in them goes out on their channels. */
public final class ChatService implements Service {
  private final Platform platform;
  private final Rooms rooms;
  private final RoomRoutes roomRoutes;
  private final SeatRoutes seatRoutes;
  private final MessageRoutes messageRoutes;
  private Runnable stopKeepingTime = () -> {};

  /** Wires the service; connects nothing yet. */
  public ChatService(Platform platform, ChatConfig config) {
    var rates = config.rates();
    var desk = new Desk(platform.redis(), platform.keys(),
        new Terms(config.tombstone(), Pace.of(rates.posts())), platform.metrics());
    var limits = new Limits(platform.redis(), platform.keys(), rates.addressHeader(),
        Map.of(Kind.CREATE, rates.creates(), Kind.JOIN, rates.joins(), Kind.PASSCODE,
            rates.joins() / 6, Kind.ASK, rates.asks()));
    var visitor = new Visitor(platform.grants(), config.tombstone(), limits);
    var passcodes = new Passcodes(platform.vertx());
    var talk = new Talk(desk);
    this.platform = platform;
    this.rooms = new Rooms(desk, new Patience(config.awayAfter(), config.seatGrace()));
    this.roomRoutes = new RoomRoutes(platform.http(), config, rooms,
        new RoomRoutes.Door(visitor, limits, passcodes));
    this.seatRoutes = new SeatRoutes(platform.http(), rooms, talk, visitor);
    this.messageRoutes = new MessageRoutes(platform.http(), talk, visitor);
  }

  @Override
  public String name() {
    return "chat-service";
  }

  @Override
  public Future<Void> start() {
    stopKeepingTime = rooms.keepTime(platform.vertx());
    return Future.succeededFuture();
  }

  @Override
  public void routes(Router router) {
    roomRoutes.mount(router);
    seatRoutes.mount(router);
    messageRoutes.mount(router);
  }

  @Override
  public Future<Void> stop() {
    stopKeepingTime.run();
    return Future.succeededFuture();
  }
}
