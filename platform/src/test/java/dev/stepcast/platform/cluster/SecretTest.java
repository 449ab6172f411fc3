package dev.stepcast.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.spi.cluster.NodeInfo;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SecretTest {
  private static final String SECRET = "what only the nodes of this cluster know";

  private final Nodes nodes = new Nodes(TestRedis.url());

  @AfterEach
  void leave() throws Exception {
    nodes.close();
  }

  @Test
  void those_who_know_it_understand_each_other() throws Exception {
    var one = nodes.start(nodes.options().withSecret(SECRET));
    var other = nodes.start(nodes.options().withSecret(SECRET));
    nodes.listen(one, "echo");
    assertThat(nodes.ask(other, "echo")).isEqualTo("hi");
  }

  @Test
  void who_knows_another_one_neither_reaches_nor_is_reached() throws Exception {
    var one = nodes.start(nodes.options().withSecret(SECRET));
    var stranger = nodes.start(nodes.options().withSecret("something else that is long enough"));
    nodes.listen(one, "inside");
    nodes.listen(stranger, "outside");
    assertThatThrownBy(() -> nodes.ask(stranger, "inside"))
        .isInstanceOf(ExecutionException.class);
    assertThatThrownBy(() -> nodes.ask(one, "outside"))
        .cause().isInstanceOf(ReplyException.class).hasMessageContaining("No handlers");
  }

  /** In the clear, without a certificate, and with the certificate of another secret. */
  static Stream<NetClientOptions> strangers() {
    var other = Identity.of("something else that is long enough");
    return Stream.of(new NetClientOptions(), tls(), tls().setKeyCertOptions(pem(other)));
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void the_port_answers_no_stranger(NetClientOptions stranger) throws Exception {
    var one = nodes.start(nodes.options().withSecret(SECRET));
    var heard = new CopyOnWriteArrayList<Object>();
    Nodes.get(one.eventBus().consumer("inside", message -> heard.add(message.body())).completion());
    var info = ((VertxInternal) one).clusterManager().getNodeInfo();
    var client = nodes.start().createNetClient(stranger);
    var ended = Promise.<Void>promise();
    client.connect(info.port(), info.host()).onFailure(_ -> ended.tryComplete())
        .onSuccess(socket -> {
          socket.handler(heard::add);
          socket.closeHandler(_ -> ended.tryComplete());
          socket.exceptionHandler(_ -> ended.tryComplete());
          socket.write(Buffer.buffer().appendInt(1_000).appendString("0".repeat(1_000)));
        });
    Nodes.get(ended.future());
    assertThat(heard).isEmpty();
  }

  /** Each node has its own certificate, and trusts those of the others. */
  @Test
  void certificates_of_ones_own_serve_as_well() throws Exception {
    var some = Identity.of("the first node's key, as it were");
    var more = Identity.of("the second node's key, as it were");
    var one = nodes.start(nodes.options(), own(some, more));
    var other = nodes.start(nodes.options(), own(more, some));
    var stranger = nodes.start(nodes.options());
    nodes.listen(one, "echo");
    assertThat(nodes.ask(other, "echo")).isEqualTo("hi");
    assertThatThrownBy(() -> nodes.ask(stranger, "echo", 3_000))
        .isInstanceOf(ExecutionException.class);
  }

  private EventBusOptions own(Identity mine, Identity theirs) {
    return nodes.options().bus("127.0.0.1", 0).setSsl(true).setClientAuth(ClientAuth.REQUIRED)
        .setKeyCertOptions(pem(mine)).setTrustOptions(new PemTrustOptions()
            .addCertValue(mine.certificate()).addCertValue(theirs.certificate()));
  }

  private static NetClientOptions tls() {
    return new NetClientOptions().setSsl(true).setTrustAll(true)
        .setHostnameVerificationAlgorithm("");
  }

  private static PemKeyCertOptions pem(Identity identity) {
    return new PemKeyCertOptions().addKeyValue(identity.key())
        .addCertValue(identity.certificate());
  }

  @Test
  void the_same_secret_makes_the_same_key_and_another_one_another() {
    assertThat(Identity.of(SECRET).key()).isEqualTo(Identity.of(SECRET).key())
        .isNotEqualTo(Identity.of(SECRET + "!").key());
  }

  /** Nodes of one cluster may run on different builds of the JDK: the key must not depend on it. */
  @Test
  void the_key_of_a_secret_never_changes() {
    assertThat(Identity.of(SECRET).key().toString().hashCode())
        .isEqualTo(-531_570_116);
  }

  @Test
  void a_card_is_believed_only_for_the_node_it_was_sealed_for() {
    var cards = new NodeCard(SECRET);
    var info = new NodeInfo("10.0.0.1", 15_701, new JsonObject().put("zone", "a"));
    var card = cards.write("n1", info);
    assertThat(cards.read("n1", card)).contains(info);
    assertThat(cards.read("n2", card)).isEmpty();
    assertThat(cards.read("n1", card.replace("10.0.0.1", "10.0.0.2"))).isEmpty();
    assertThat(cards.read("n1", new NodeCard(null).write("n1", info))).isEmpty();
    assertThat(cards.read("n1", "nonsense")).isEmpty();
  }
}
