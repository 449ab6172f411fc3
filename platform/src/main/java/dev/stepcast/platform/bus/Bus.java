package dev.stepcast.platform.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Small questions between live nodes, over Vert.x' event bus: clustered where several processes
 * form a deployment, local where there is one. Nothing that must not be lost travels here: that
 * nobody replied is a normal answer, and whoever asks must have a sound way on without one.
 */
public final class Bus {
  private static final int FAILED = 500;
  private static final String ALONE = "local";

  private final Vertx vertx;

  /** What a question can lead to. */
  public sealed interface Answer {
    /** Somebody knew. */
    record Replied(JsonObject body) implements Answer {}

    /** Nobody listens for it, could be reached, or replied in time. */
    record Nobody() implements Answer {}

    /** Somebody was asked and failed; {@code why} is for the log. */
    record Failed(String why) implements Answer {}
  }

  /** Answers questions; a failed future is told to the asker as {@link Answer.Failed}. */
  public interface Answerer {
    /** Called on the context that {@link #answer} was called on. */
    Future<JsonObject> answer(JsonObject question);
  }

  /** What ends an {@link #answer} or a {@link #hear}. */
  public interface Listening {
    /** No longer listens, here or anywhere else. */
    Future<Void> end();
  }

  /** The bus of {@code vertx}, which may be clustered or not. */
  public Bus(Vertx vertx) {
    this.vertx = vertx;
  }

  /** This node's id, new with each start. */
  public String node() {
    var cluster = ((VertxInternal) vertx).clusterManager();
    return cluster == null ? ALONE : cluster.getNodeId();
  }

  /** The ids of all live nodes, this one included. */
  public List<String> nodes() {
    var cluster = ((VertxInternal) vertx).clusterManager();
    return cluster == null ? List.of(ALONE) : cluster.getNodes();
  }

  /** Asks one of those who answer for {@code topic}. */
  public Future<Answer> ask(String topic, JsonObject question, Duration within) {
    return request(topic, question, within);
  }

  /** Asks {@code node}, a value of {@link #nodes}. */
  public Future<Answer> askNode(String node, String topic, JsonObject question,
      Duration within) {
    return request(at(topic, node), question, within);
  }

  /** Asks every node at once; the map has an answer for each of them, in the order of their ids. */
  public Future<Map<String, Answer>> askEach(String topic, JsonObject question,
      Duration within) {
    var nodes = nodes();
    var asked = new ArrayList<Future<Answer>>(nodes.size());
    nodes.forEach(node -> asked.add(request(at(topic, node), question, within)));
    return Future.join(asked).map(_ -> {
      var answers = new TreeMap<String, Answer>();
      for (int i = 0; i < nodes.size(); i++) {
        answers.put(nodes.get(i), asked.get(i).result());
      }
      return answers;
    });
  }

  /** Tells everybody who listens right now, once, if they can be reached. */
  public void tell(String topic, JsonObject news) {
    vertx.eventBus().publish(topic, news);
  }

  /**
   * Answers for {@code topic}, to those who ask anyone and to those who ask this node.
   *
   * @return completes when the other nodes know; without Redis that is when it is back, so start-up
   *     should not wait for it
   */
  public Future<Listening> answer(String topic, Answerer answerer) {
    var anyone = consumer(topic, message -> reply(message, answerer));
    var here = consumer(at(topic, node()), message -> reply(message, answerer));
    return Future.all(anyone.completion(), here.completion())
        .map(_ -> () -> Future.join(anyone.unregister(), here.unregister()).mapEmpty());
  }

  /** Hears what is told about {@code topic}; the same promise as {@link #answer}. */
  public Future<Listening> hear(String topic, Consumer<JsonObject> listener) {
    var consumer = consumer(topic, message -> listener.accept(message.body()));
    return consumer.completion().map(_ -> consumer::unregister);
  }

  private MessageConsumer<JsonObject> consumer(String topic, Consumer<Message<JsonObject>> each) {
    return vertx.eventBus().consumer(topic, each::accept);
  }

  private static void reply(Message<JsonObject> message, Answerer answerer) {
    Future<JsonObject> answer;
    try {
      answer = answerer.answer(message.body());
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    answer.onSuccess(message::reply)
        .onFailure(cause -> message.fail(FAILED, String.valueOf(cause.getMessage())));
  }

  private Future<Answer> request(String address, JsonObject question, Duration within) {
    var options = new DeliveryOptions().setSendTimeout(Math.max(1, within.toMillis()));
    return vertx.eventBus().<JsonObject>request(address, question, options)
        .<Answer>map(message -> new Answer.Replied(message.body()))
        .recover(cause -> Future.succeededFuture(judged(cause)));
  }

  /** Whatever went wrong on the way, nobody replied; only the answerer's own failure is another. */
  private static Answer judged(Throwable cause) {
    return cause instanceof ReplyException failed
        && failed.failureType() == ReplyFailure.RECIPIENT_FAILURE
            ? new Answer.Failed(String.valueOf(failed.getMessage()))
            : new Answer.Nobody();
  }

  private static String at(String topic, String node) {
    return topic + "@" + node;
  }
}
