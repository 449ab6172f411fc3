package dev.stepcast.workflow;

import dev.stepcast.workflow.api.WorkflowContext.Call;
import dev.stepcast.workflow.api.WorkflowContext.Reply;
import dev.stepcast.workflow.api.failure.NonRetryable;
import dev.stepcast.workflow.execution.Surroundings.World;
import dev.stepcast.workflow.registry.Registry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Other workflows, and HTTP. Redirects are answers, not followed; private addresses are refused
 * unless allowed, so that a payload cannot make a workflow reach into the deployment's own network.
 */
final class OutsideWorld implements World {
  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Registry registry;
  private final boolean privateDestinations;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT)
      .followRedirects(HttpClient.Redirect.NEVER).build();

  OutsideWorld(Registry registry, boolean privateDestinations) {
    this.registry = registry;
    this.privateDestinations = privateDestinations;
  }

  @Override
  public Optional<String> version(String workflow) {
    return registry.version(workflow);
  }

  @Override
  public Reply call(Call call, String key) throws Exception {
    var body = call.body();
    var request = HttpRequest.newBuilder(checked(call.url())).timeout(call.timeout())
        .header("idempotency-key", key).method(call.method(),
            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    call.headers().forEach(request::header);
    var response = client.send(request.build(), BodyHandlers.ofString());
    var headers = new TreeMap<String, String>();
    response.headers().map().forEach(
        (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    return new Reply(response.statusCode(), headers, response.body());
  }

  private URI checked(String url) throws IOException {
    var uri = URI.create(url);
    if (uri.getHost() == null || !SCHEMES.contains(String.valueOf(uri.getScheme()))) {
      throw new NonRetryable("want an http or https URL");
    }
    if (!privateDestinations) {
      for (var address : InetAddress.getAllByName(uri.getHost())) {
        refusePrivate(address);
      }
    }
    return uri;
  }

  private static void refusePrivate(InetAddress address) {
    boolean uniqueLocal = address.getAddress().length == 16
        && (address.getAddress()[0] & 0xFE) == 0xFC;
    if (address.isLoopbackAddress() || address.isSiteLocalAddress()
        || address.isLinkLocalAddress() || address.isAnyLocalAddress()
        || address.isMulticastAddress() || uniqueLocal) {
      throw new NonRetryable("a private address; PRIVATE_DESTINATIONS=allow lets it pass");
    }
  }
}
