package dev.stepcast.workflow.outside;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Makes HTTP calls to destinations that somebody else chose: connections are kept, redirects are
 * not followed, answers are bounded, and where private networks are refused the address that was
 * checked is the one that is called.
 */
public final class Caller {
  private static final int CONNECTIONS_PER_HOST = 256;
  private static final int CONNECT_MS = 10_000;
  private static final int ANSWER_BYTES_MAX = 8 * 1024 * 1024;
  private static final Set<String> NOT_FORWARDED = Set.of("host", "connection", "content-length",
      "transfer-encoding", "accept-encoding", "keep-alive", "upgrade", "te", "trailer",
      "proxy-authorization", "proxy-connection", "expect");

  private final Vertx vertx;
  private final HttpClient client;
  private final boolean privateToo;

  /**
   * A call to make.
   *
   * @param headers those that belong to the connection, such as {@code host}, are left out
   * @param within  for the whole of it, the answer's last byte included
   */
  public record Call(String method, String url, Map<String, String> headers, Buffer body,
      Duration within) {}

  /** Calls from {@code vertx}; private networks too, or not. */
  public Caller(Vertx vertx, boolean privateToo) {
    this.vertx = vertx;
    this.privateToo = privateToo;
    this.client = vertx.createHttpClient(
        new HttpClientOptions().setKeepAlive(true).setPipelining(false)
            .setConnectTimeout(CONNECT_MS).setDecompressionSupported(false)
            .setMaxHeaderSize(64 * 1024).setTcpNoDelay(true),
        new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_HOST).setMaxWaitQueueSize(-1));
  }

  /** Whether {@code url} can be called at all. */
  public static boolean callable(String url) {
    try {
      var uri = URI.create(url);
      return uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Makes it; never fails: who cannot be asked has answered with status 0. Called from a thread of
   * the caller's own it is made on an event loop: an answer that is listened to from elsewhere may
   * be over before it is listened to.
   */
  public Future<Answer> call(Call call) {
    if (Vertx.currentContext() != null) {
      return made(call);
    }
    var answer = Promise.<Answer>promise();
    vertx.runOnContext(_ -> made(call).onComplete(answer));
    return answer.future();
  }

  private Future<Answer> made(Call call) {
    if (!callable(call.url())) {
      return Future.succeededFuture(
          Answer.none(new IllegalArgumentException("not a URL that can be called")));
    }
    var asked = target(URI.create(call.url())).compose(options -> {
      options.setMethod(HttpMethod.valueOf(call.method())).setFollowRedirects(false)
          .setTimeout(call.within().toMillis()).setHeaders(headers(call));
      return client.request(options);
    }).compose(request -> request.send(call.body())).compose(Caller::answer);
    long began = System.nanoTime();
    return asked.timeout(call.within().toMillis(), TimeUnit.MILLISECONDS)
        .recover(cause -> Future.succeededFuture(Answer.none(cause)))
        .map(answer -> answer.after((System.nanoTime() - began) / 1_000_000));
  }

  /** Later headers win, names are told apart without regard to case; ours come last. */
  private static MultiMap headers(Call call) {
    var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(call.headers());
    var headers = MultiMap.caseInsensitiveMultiMap();
    all.forEach((name, value) -> {
      if (!NOT_FORWARDED.contains(name.toLowerCase(java.util.Locale.ROOT))) {
        headers.set(name, value);
      }
    });
    if (call.body().length() == 0) {
      headers.set("Content-Length", "0");
    }
    return headers;
  }

  private Future<RequestOptions> target(URI uri) {
    var options = new RequestOptions().setAbsoluteURI(uri.toString());
    if (privateToo) {
      return Future.succeededFuture(options);
    }
    boolean tls = "https".equals(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    return vertx.executeBlocking(() -> publicAddress(uri.getHost())).map(address -> options
        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress())));
  }

  private static InetAddress publicAddress(String host) throws UnknownHostException {
    var addresses = InetAddress.getAllByName(host);
    for (var address : addresses) {
      if (isPrivate(address)) {
        throw new UnknownHostException("the destination is in a private network, see"
            + " PRIVATE_DESTINATIONS");
      }
    }
    return addresses[0]; // not looked up again: the next answer may be another one
  }

  /** Loopback, link-local (where clouds keep their secrets), private and other special ranges. */
  static boolean isPrivate(InetAddress address) {
    if (address.isLoopbackAddress() || address.isLinkLocalAddress()
        || address.isSiteLocalAddress() || address.isAnyLocalAddress()
        || address.isMulticastAddress()) {
      return true;
    }
    var bytes = address.getAddress();
    int first = bytes[0] & 0xFF;
    int second = bytes[1] & 0xFF;
    if (address instanceof Inet6Address) {
      return (first & 0xFE) == 0xFC || (first == 0 && second == 0) // unique local, mapped
          || (first == 0 && second == 0x64) || (first == 0x20 && second == 0x02);
    }
    return first == 0 || first >= 240 || (first == 100 && second >= 64 && second < 128)
        || (first == 192 && second == 0) || (first == 198 && (second & 0xFE) == 18);
  }

  private static Future<Answer> answer(HttpClientResponse response) {
    var whole = Promise.<Answer>promise();
    var body = Buffer.buffer();
    response.handler(part -> {
      body.appendBuffer(part);
      if (body.length() > ANSWER_BYTES_MAX) {
        whole.tryFail("the answer is over " + ANSWER_BYTES_MAX + " bytes");
        response.request().reset();
      }
    });
    response.exceptionHandler(whole::tryFail);
    response.endHandler(_ -> whole
        .tryComplete(new Answer(response.statusCode(), response.headers(), body, 0)));
    return whole.future();
  }
}
