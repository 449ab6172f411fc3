package dev.stepcast.chat.text;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * What somebody, or a room, is called: Unicode in form NFC on one line, without characters that
 * cannot be seen or turn the line around, not blank.
 *
 * @param shown what is shown
 * @param fold  the same for all that look alike but for case, width and blanks: within a room no
 *              two members have it in common
 */
public record Alias(String shown, String fold) {
  /** Most UTF-16 units of an alias, as JavaScript counts. */
  public static final int LENGTH_MAX = 100;

  private static final Pattern UNSEEN = Pattern.compile("[\\p{C}&&[^\\x{200D}]]");
  private static final Pattern BLANKS = Pattern.compile("[\\p{Z}\\s]+");
  private static final Pattern JOINERS = Pattern
      .compile("[\\x{34F}\\x{200D}\\x{FE00}-\\x{FE0F}\\x{E0100}-\\x{E01EF}]");
  private static final List<String> ADJECTIVES = List.of("amber", "brave", "calm", "clever",
      "cosy", "eager", "gentle", "happy", "jolly", "kind", "lucky", "mellow", "quiet", "silver",
      "sunny", "witty");
  private static final List<String> ANIMALS = List.of("badger", "crane", "dolphin", "finch", "fox",
      "hare", "heron", "lynx", "marten", "newt", "otter", "owl", "panda", "seal", "swan", "wolf");
  private static final int NUMBERS = 9_000;

  /** What {@code raw} comes to; empty when nobody could see it, or it is too long. */
  public static Optional<Alias> of(String raw) {
    // Marks on both sides of what is left out may have to change places: normal once more.
    var seen = Text.normal(UNSEEN.matcher(Text.normal(raw)).replaceAll(""));
    var shown = BLANKS.matcher(seen).replaceAll(" ").strip();
    return Text.blank(shown) || shown.length() > LENGTH_MAX
        ? Optional.empty()
        : Optional.of(new Alias(shown, fold(shown)));
  }

  /** One for who did not choose. */
  public static Alias drawn(RandomGenerator random) {
    var name = ADJECTIVES.get(random.nextInt(ADJECTIVES.size())) + "-"
        + ANIMALS.get(random.nextInt(ANIMALS.size())) + "-"
        + (NUMBERS / 9 + random.nextInt(NUMBERS));
    return new Alias(name, name);
  }

  private static String fold(String shown) {
    var wide = Normalizer.normalize(shown, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    var bare = BLANKS.matcher(JOINERS.matcher(wide).replaceAll("")).replaceAll("");
    return Normalizer.normalize(bare, Normalizer.Form.NFKC);
  }
}
