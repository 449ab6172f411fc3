package dev.stepcast.schemas;

import java.util.List;

/**
 * The file CHANNELS_CONFIG names: policies, first match wins, before the defaults.
 *
 * <p>Wire form: {@code schemas/channels-config.json}.
 *
 * @param channels first match wins
 */
public record ChannelsConfig(List<ChannelPolicy> channels) {
  public ChannelsConfig {
    channels = List.copyOf(channels);
  }
}
