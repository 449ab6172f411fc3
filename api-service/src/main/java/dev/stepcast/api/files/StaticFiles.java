package dev.stepcast.api.files;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the class path, read once and served from memory, so also while the process ends and
 * Vert.x has deleted its file cache already. Each file has a tag, by which a browser asks whether
 * it has changed (304), and is compressed where that makes it smaller and the browser takes it.
 */
public final class StaticFiles {
  /** To be asked for again each time. */
  public static final String REVALIDATE = "no-cache";
  /** For files with a hash in the name. */
  public static final String FOREVER = "public, immutable, max-age=31536000";

  private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8",
      "js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8", "svg",
      "image/svg+xml", "png", "image/png", "json", "application/json", "txt",
      "text/plain; charset=utf-8", "woff2", "font/woff2");
  private static final Pattern TAKES_GZIP = Pattern
      .compile("(?i)(?:^|[,\\s])gzip(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))");
  private static final int TAG_BYTES = 15;

  private final Map<String, Held> files;

  private record Held(String type, String tag, Buffer plain, @Nullable Buffer zipped) {}

  private StaticFiles(Map<String, Held> files) {
    this.files = Map.copyOf(files);
  }

  /**
   * Every file in the folder where {@code marker} lies and below it, by its path from there; none
   * where there is no such resource.
   *
   * @param marker absolute name of a resource, such as {@code /web/index.html}
   */
  public static StaticFiles beside(String marker) {
    var url = StaticFiles.class.getResource(marker);
    try {
      return new StaticFiles(url == null ? Map.of() : read(url, marker));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Only these files of a folder of the class path.
   *
   * @param folder absolute, ending in a slash
   * @throws IllegalArgumentException when one is not there
   */
  public static StaticFiles of(String folder, String... names) {
    var found = new HashMap<String, Held>();
    for (var name : names) {
      try (var in = StaticFiles.class.getResourceAsStream(folder + name)) {
        if (in == null) {
          throw new IllegalArgumentException("no resource " + folder + name);
        }
        found.put(name, held(name, in.readAllBytes()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new StaticFiles(found);
  }

  private static Map<String, Held> read(URL url, String marker) throws IOException {
    if (url.openConnection() instanceof JarURLConnection jar) {
      // A file system of our own: whoever else has opened this jar keeps theirs.
      try (var inside = FileSystems.newFileSystem(Path.of(URI.create(jar.getJarFileURL()
          .toString())))) {
        return walk(inside.getPath(marker).getParent());
      }
    }
    return walk(Path.of(URI.create(url.toString())).getParent());
  }

  private static Map<String, Held> walk(@Nullable Path folder) throws IOException {
    var found = new HashMap<String, Held>();
    if (folder != null) {
      try (var all = Files.walk(folder)) {
        for (var file : all.filter(Files::isRegularFile).toList()) {
          var name = folder.relativize(file).toString().replace('\\', '/');
          found.put(name, held(name, Files.readAllBytes(file)));
        }
      }
    }
    return found;
  }

  private static Held held(String name, byte[] bytes) throws IOException {
    var type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1),
        "application/octet-stream");
    var zipped = zipped(bytes);
    return new Held(type, tag(bytes), Buffer.buffer(bytes),
        zipped.length < bytes.length ? Buffer.buffer(zipped) : null);
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  /** A weak one: the same for both encodings. */
  private static String tag(byte[] bytes) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "W/\"" + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, TAG_BYTES)) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether there is nothing to serve. */
  public boolean isEmpty() {
    return files.isEmpty();
  }

  /** Answers with the file {@code name}, or leaves it to the next route where there is none. */
  public void answer(RoutingContext ctx, String name, String cacheControl) {
    var file = files.get(name);
    if (file == null) {
      ctx.next();
      return;
    }
    var response = ctx.response().putHeader(HttpHeaders.ETAG, file.tag())
        .putHeader(HttpHeaders.CACHE_CONTROL, cacheControl)
        .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    var known = ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null && known.contains(file.tag())) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, file.type());
    var takes = ctx.request().getHeader(HttpHeaders.ACCEPT_ENCODING);
    var zipped = takes != null && TAKES_GZIP.matcher(takes).find() ? file.zipped() : null;
    if (zipped == null) {
      response.end(file.plain());
    } else {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip").end(zipped);
    }
  }
}
