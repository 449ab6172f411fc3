package dev.stepcast.platform.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.policy.ChannelPolicies.Access;
import dev.stepcast.platform.policy.ChannelPolicies.Rates;
import dev.stepcast.platform.schema.SchemaBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChannelPoliciesTest {
  @Test
  void the_first_match_of_the_file_wins_before_our_own(@TempDir Path folder) throws IOException {
    var policies = open(folder, """
      {"channels": [
        {"pattern": "news", "access": "public", "history": {"maxLength": 5, "maxAgeMs": 7000},
         "presence": {"kept": true, "graceMs": 3000, "membersMax": 9},
         "rates": {"channelPerMinute": 100, "subjectPerMinute": 10}},
        {"pattern": "news-*", "access": "grant"},
        {"pattern": "room_*", "access": "grant", "presence": {"kept": false}}]}""");
    var news = policies.of("news");
    assertThat(news.access()).isEqualTo(Access.PUBLIC);
    assertThat(news.history()).isEqualTo(new History(5, Duration.ofSeconds(7)));
    assertThat(news.presence().grace()).isEqualTo(Duration.ofSeconds(3));
    assertThat(news.presence().membersMax()).isEqualTo(9);
    assertThat(news.rates()).isEqualTo(new Rates(100, 10));
    assertThat(news.rates().quota(null).subjectPerMinute()).isZero();
    assertThat(policies.of("news-1").access()).isEqualTo(Access.GRANT);
    assertThat(policies.of("news-1").history()).isEqualTo(History.DEFAULT);
    assertThat(policies.of("room_x").presence().kept()).isFalse();
    assertThat(policies.of("other").access()).isEqualTo(Access.PUBLIC);
    assertThat(policies.of("other").rates().quota("ada").channelPerMinute()).isZero();
  }

  @Test
  void rooms_keep_presence_and_others_do_not_unless_told() {
    var policies = ChannelPolicies.defaults(true);
    assertThat(policies.of("room_x").presence().kept()).isTrue();
    assertThat(policies.of("wfr_x").presence().kept()).isFalse();
    assertThat(policies.of("x").presence().kept()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "{\"channels\":[{\"pattern\":\"a\",\"access\":\"all\"}]}|/channels/0/access",
      "{\"channels\":[{\"pattern\":\"a\",\"access\":\"grant\",\"rate\":{}}]}|/channels/0/rate",
      "{\"channels\":[{\"pattern\":\"a*\",\"access\":\"grant\"},"
          + "{\"pattern\":\"ab\",\"access\":\"public\"}]}|/channels/1/pattern",
      "{\"channels\":[{\"pattern\":\"a*b\",\"access\":\"public\"}]}|/channels/0/pattern",
      "{|CHANNELS_CONFIG"})
  void a_mistake_is_named_with_the_file(String text, String where, @TempDir Path folder) {
    assertThatThrownBy(() -> open(folder, text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CHANNELS_CONFIG=").hasMessageContaining("channels.json")
        .hasMessageContaining(where);
  }

  @Test
  void a_file_that_is_not_there_is_named(@TempDir Path folder) {
    var file = folder.resolve("none.json").toString();
    assertThatThrownBy(() -> ChannelPolicies.open(file, SchemaBook.open(null), true))
        .hasMessageContaining("CHANNELS_CONFIG=" + file);
  }

  private static ChannelPolicies open(Path folder, String text) throws IOException {
    var file = Files.writeString(folder.resolve("channels.json"), text);
    return ChannelPolicies.open(file.toString(), SchemaBook.open(null), true);
  }
}
