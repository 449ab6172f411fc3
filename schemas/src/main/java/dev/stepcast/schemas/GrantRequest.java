package dev.stepcast.schemas;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * POST /api/grants.
 *
 * <p>Wire form: {@code schemas/requests/grant.json}.
 *
 * @param subject who the grant is for
 * @param channels channel name, or a prefix and *, to rights
 * @param ttlMs how long it lasts, ms; at most a day
 * @param cookie also set as cookie sc_grant_&lt;cookie&gt;
 */
public record GrantRequest(String subject, Map<String, List<ChannelRight>> channels, int ttlMs,
    @Nullable String cookie) {
  public GrantRequest {
    channels = Collections.unmodifiableMap(new LinkedHashMap<>(channels));
  }
}
