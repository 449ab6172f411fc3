package dev.stepcast.workflow.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CallerTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
      "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "fe80::1",
      "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"})
  void a_private_or_special_address_is_one(String address) throws UnknownHostException {
    assertThat(Caller.isPrivate(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1111"})
  void any_other_is_not(String address) throws UnknownHostException {
    assertThat(Caller.isPrivate(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://a.example/", "file:///etc/passwd", "http:///x", "no url", ""})
  void what_is_no_http_url_is_not_called(String url) {
    assertThat(Caller.callable(url)).isFalse();
  }
}
