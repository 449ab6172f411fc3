package dev.stepcast.platform.config;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every service may be told.
 *
 * @param host           address to listen on; beyond loopback tokens are required
 * @param port           port of the public surface; 0 takes a free one
 * @param opsPort        port of /livez, /readyz and /metrics; null serves them on {@code port}, to
 *                       loopback only
 * @param redisUrl       redis://, rediss://, redis+sentinel:// or redis+cluster://
 * @param keyPrefix      what all our Redis keys begin with
 * @param partitions     slots that names are spread over; fixed when a deployment is created
 * @param evictingRedis  whether a Redis that may evict keys is accepted; it can lose runs
 * @param schemasDir     folder with further event schemas
 * @param publicUrl      where browsers reach us; https makes cookies Secure
 * @param allowedOrigins foreign origins that may call us with credentials
 * @param apiToken       what callers of api-service must carry; null on loopback only
 * @param grantSecret    key that grants are signed with, 32 bytes or more; null on loopback only:
 *                       then one is drawn and kept in Redis
 * @param logLevel       error, warn, info or debug
 * @param drain          how long open work and streams get to end on SIGTERM
 * @param bus            where this process' event bus is, in a deployment of several processes
 */
public record CommonConfig(String host, int port, @Nullable Integer opsPort, String redisUrl,
    String keyPrefix, int partitions, boolean evictingRedis, @Nullable String schemasDir,
    @Nullable String publicUrl, List<String> allowedOrigins, @Nullable String apiToken,
    @Nullable String grantSecret, String logLevel, Duration drain, Bus bus) {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "[::1]", "localhost");
  private static final int SECRET_BYTES_MIN = 32;

  /** Reads the common variables; mistakes are noted in {@code env}. */
  public static CommonConfig from(Env env) {
    var config = new CommonConfig(env.text("HOST", "127.0.0.1"),
        env.integer("PORT", 8080, 0, 65_535),
        env.optional("OPS_PORT") == null ? null : env.integer("OPS_PORT", 0, 0, 65_535),
        env.text("REDIS_URL", "redis://localhost:6379"), env.text("KEY_PREFIX", "sc"),
        env.integer("PARTITIONS", 16, 1, 16_384),
        env.choice("EVICTING_REDIS", "refuse", "allow").equals("allow"),
        env.optional("SCHEMAS_DIR"), env.optional("PUBLIC_URL"), env.list("ALLOWED_ORIGINS"),
        env.optional("API_TOKEN"), env.optional("GRANT_SECRET"),
        env.choice("LOG_LEVEL", "info", "error", "warn", "debug"),
        env.millis("DRAIN_MS", Duration.ofSeconds(10)), Bus.from(env));
    config.noteMistakes(env);
    return config;
  }

  /**
   * Where the event bus of one process is.
   *
   * @param host   address to listen on, and that the other processes reach it at
   * @param port   0 takes a free one
   * @param secret what all processes know and no stranger does; null on loopback only
   */
  public record Bus(String host, int port, @Nullable String secret) {
    private static Bus from(Env env) {
      var bus = new Bus(env.text("CLUSTER_HOST", "127.0.0.1"),
          env.integer("CLUSTER_PORT", 0, 0, 65_535), env.optional("CLUSTER_SECRET"));
      if (bus.secret == null && !LOOPBACK.contains(bus.host)) {
        env.mistake("CLUSTER_SECRET",
            "required because CLUSTER_HOST=" + bus.host + " is not loopback");
      }
      noteShort(env, "CLUSTER_SECRET", bus.secret);
      return bus;
    }
  }

  /** The same with another Redis. */
  public CommonConfig withRedisUrl(String url) {
    return new CommonConfig(host, port, opsPort, url, keyPrefix, partitions, evictingRedis,
        schemasDir, publicUrl, allowedOrigins, apiToken, grantSecret, logLevel, drain, bus);
  }

  /** Whether only this machine can reach us, so that tokens may be left out. */
  public boolean loopback() {
    return LOOPBACK.contains(host);
  }

  /** Whether browsers reach us over https, so that cookies must be Secure. */
  public boolean secureCookies() {
    return publicUrl != null && publicUrl.startsWith("https://");
  }

  private void noteMistakes(Env env) {
    if (!loopback() && apiToken == null) {
      env.mistake("API_TOKEN", "required because HOST=" + host + " is not loopback");
    }
    if (!loopback() && grantSecret == null) {
      env.mistake("GRANT_SECRET", "required because HOST=" + host + " is not loopback");
    }
    noteShort(env, "GRANT_SECRET", grantSecret);
    if (!keyPrefix.matches("[A-Za-z0-9_.-]{1,20}")) {
      env.mistake("KEY_PREFIX", "want 1 to 20 letters, digits, or _ . -");
    }
    if (publicUrl != null && !isHttpUrl(publicUrl)) {
      env.mistake("PUBLIC_URL", "want an http or https URL");
    }
    for (var origin : allowedOrigins) {
      if (!isHttpUrl(origin)) {
        env.mistake("ALLOWED_ORIGINS",
            "'" + origin + "' is not an origin such as https://a.example");
      }
    }
  }

  private static void noteShort(Env env, String name, @Nullable String secret) {
    if (secret != null && secret.getBytes(StandardCharsets.UTF_8).length < SECRET_BYTES_MIN) {
      env.mistake(name, "want " + SECRET_BYTES_MIN + " bytes or more");
    }
  }

  private static boolean isHttpUrl(String text) {
    try {
      var uri = URI.create(text);
      return uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
