package dev.stepcast.chat.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TextTest {
  @Property
  void a_text_is_clean_and_stays_as_it_is(@ForAll String raw) {
    Text.of(raw).ifPresent(text -> {
      assertThat(Normalizer.isNormalized(text.value(), Normalizer.Form.NFC)).isTrue();
      assertThat(text.value().chars().filter(Character::isISOControl)).containsOnly(
          text.value().chars().filter(c -> c == '\n' || c == '\t').boxed().toArray(Integer[]::new));
      assertThat(new String(text.value().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
          .isEqualTo(text.value());
      assertThat(Text.of(text.value())).contains(text);
    });
  }

  @Property
  void an_alias_is_one_line_that_stays_as_it_is(@ForAll String raw) {
    Alias.of(raw).ifPresent(alias -> {
      assertThat(alias.shown()).isEqualTo(alias.shown().strip()).isNotEmpty()
          .doesNotContain("\n", "\r", "\u2028", "\u202e", "\u200b");
      assertThat(Alias.of(alias.shown())).contains(alias);
    });
  }

  @Test
  void what_looks_alike_folds_alike() {
    var fox = fold("Fox");
    assertThat(fold("FOX")).isEqualTo(fox);
    assertThat(fold(" f o\u00a0x ")).isEqualTo(fox);
    assertThat(fold("Ｆox")).isEqualTo(fox);
    assertThat(fold("F\u200box")).isEqualTo(fox);
    assertThat(fold("Foxy")).isNotEqualTo(fox);
  }

  @Test
  void marks_around_what_is_left_out_are_in_order() {
    var alias = Alias.of("a\u0300\ufeff\u0316").orElseThrow();
    assertThat(Alias.of(alias.shown())).contains(alias);
    assertThat(fold("a\u0300\u200d\u0316")).isEqualTo(fold("a\u0316\u0300"));
  }

  @Test
  void families_of_emoji_stay_together() {
    assertThat(Alias.of("👩\u200d👧").orElseThrow().shown()).isEqualTo("👩\u200d👧");
  }

  @Test
  void a_drawn_alias_is_a_good_one() {
    var drawn = Alias.drawn(new Random(7));
    assertThat(Alias.of(drawn.shown())).contains(drawn);
  }

  private static String fold(String raw) {
    return Alias.of(raw).orElseThrow().fold();
  }
}
