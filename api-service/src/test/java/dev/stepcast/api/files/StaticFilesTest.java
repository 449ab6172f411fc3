package dev.stepcast.api.files;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StaticFilesTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static int port;

  @BeforeAll
  static void listen() throws Exception {
    var folder = StaticFiles.beside("/dev/stepcast/api/docs/docs.html");
    var jar = StaticFiles.beside("/META-INF/resources/webjars/swagger-ui/5.34.1/swagger-ui.css");
    var router = Router.router(VERTX);
    router.route("/folder/*").handler(ctx -> folder.answer(ctx,
        ctx.normalizedPath().substring("/folder/".length()), StaticFiles.REVALIDATE));
    router.route("/jar/*").handler(ctx -> jar.answer(ctx,
        ctx.normalizedPath().substring("/jar/".length()), StaticFiles.FOREVER));
    port = get(VERTX.createHttpServer().requestHandler(router).listen(0)).actualPort();
  }

  @AfterAll
  static void close() throws Exception {
    get(VERTX.close());
  }

  @Test
  void files_of_a_folder_and_of_a_jar_are_served_with_their_type() throws Exception {
    var page = ask("/folder/docs.html");
    assertThat(text(page)).startsWith("<!doctype html>");
    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("cache-control")).contains("no-cache");
    var style = ask("/jar/swagger-ui.css");
    assertThat(text(style)).contains(".swagger-ui");
    assertThat(style.headers().firstValue("content-type")).contains("text/css; charset=utf-8");
    assertThat(style.headers().firstValue("cache-control").orElse("")).contains("immutable");
  }

  @Test
  void who_takes_gzip_gets_it_and_who_refuses_it_does_not() throws Exception {
    var plain = ask("/jar/swagger-ui.css", "accept-encoding", "br, gzip;q=0");
    assertThat(plain.headers().firstValue("content-encoding")).isEmpty();
    var zipped = ask("/jar/swagger-ui.css", "accept-encoding", "br, gzip;q=0.8");
    assertThat(zipped.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(zipped.headers().firstValue("vary").orElse("")).containsIgnoringCase("encoding");
    try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(unzipped.readAllBytes()).isEqualTo(plain.body());
    }
  }

  @Test
  void who_has_it_is_told_so() throws Exception {
    var tag = ask("/folder/docs.html").headers().firstValue("etag").orElseThrow();
    var again = ask("/folder/docs.html", "if-none-match", "\"other\", " + tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers().firstValue("etag")).contains(tag);
    assertThat(ask("/folder/docs.html", "if-none-match", "\"other\"").statusCode()).isEqualTo(200);
  }

  @Test
  void what_is_not_in_the_folder_is_not_served() throws Exception {
    for (var path : new String[]{"/folder/", "/folder/none", "/folder/..%2fApiService.class",
        "/folder/%2e%2e/ApiService.class"}) {
      assertThat(ask(path).statusCode()).as(path).isEqualTo(404);
    }
    assertThat(StaticFiles.beside("/none/index.html").isEmpty()).isTrue();
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static HttpResponse<byte[]> ask(String path, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    return CLIENT.send((headers.length > 0 ? request.headers(headers) : request).build(),
        BodyHandlers.ofByteArray());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
