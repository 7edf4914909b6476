package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.data.TokenSequence;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.data.text.TextFile;

class CharacterModelTest {
  /** Sums of 27 doubles and quotients of small integers. */
  private static final Offset<Double> EXACT = within(1e-14);

  private static final int V = 27;
  private static final Text27Tokenizer TOKENIZER = new Text27Tokenizer();

  /** Symbols a and b at random, so that most contexts of six letters are not in it. */
  private static final String NOISE = noise(400);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void probabilitiesSumToOneAfterEveryContextSeenOrNot(int order) {
    CharacterModel model = CharacterModel.of(text(NOISE), order);
    List<String> contexts =
        List.of("", "a", "ab", "abab", "aaaaa", "bbbbb", "babab", "zzzzz", "aazaa", "zaaaa", "qa");

    for (String context : contexts) {
      assertThat(sumAfter(model, context)).as("after '%s'", context).isCloseTo(1, EXACT);
    }
  }

  @Test
  void probabilitiesSumToOneAfterEveryContextOfTheText() {
    CharacterModel model = CharacterModel.of(text(NOISE));

    for (int from = 0; from + 5 <= NOISE.length(); from++) {
      assertThat(sumAfter(model, NOISE.substring(from, from + 5))).isCloseTo(1, EXACT);
    }
  }

  /**
   * The text abac. Symbols: a 2, b 1, c 1, so c() = 4 and d() = 3. After a: b and c, c(a) = 2 and
   * d(a) = 2; after b: a; c ends the text and was followed by nothing.
   */
  @Test
  void smallCaseByHand() {
    CharacterModel model = CharacterModel.of(text("abac"), 2);
    double a = (2 + 3 / 27.0) / 7;
    double b = (1 + 3 / 27.0) / 7;
    double z = (3 / 27.0) / 7;

    assertThat(after(model, "", "a")).isCloseTo(a, EXACT);
    assertThat(after(model, "", "b")).isCloseTo(b, EXACT);
    assertThat(after(model, "", "z")).isCloseTo(z, EXACT);
    assertThat(after(model, "a", "b")).isCloseTo((1 + 2 * b) / 4, EXACT);
    assertThat(after(model, "a", "a")).isCloseTo((2 * a) / 4, EXACT);
    assertThat(after(model, "b", "a")).isCloseTo((1 + a) / 2, EXACT);
    assertThat(after(model, "b", "z")).isCloseTo(z / 2, EXACT);
    assertThat(after(model, "c", "a")).isCloseTo(a, EXACT);
    assertThat(after(model, "q", "a")).isCloseTo(a, EXACT);
    assertThat(model.bitsPerCharacter(TOKENIZER.encode("ab")))
        .isCloseTo(-(Math.log(a) + Math.log((1 + 2 * b) / 4)) / (2 * Math.log(2)), EXACT);
  }

  /** Of aaaaaab the model knows one 6-gram twice over: aaaaa is followed by a once and b once. */
  @Test
  void longestContextIsOfFiveSymbols() {
    CharacterModel model = CharacterModel.of(text("aaaaaab"));

    double shorter = after(model, "aaaa", "b");

    assertThat(after(model, "aaaaa", "b")).isCloseTo((1 + 2 * shorter) / 4, EXACT);
    assertThat(after(model, "zaaaaa", "b")).isEqualTo(after(model, "aaaaa", "b"));
    assertThat(after(model, "zaaaa", "b")).isEqualTo(after(model, "aaaa", "b"));
  }

  @Test
  void textShorterThanTheOrderIsEnough() {
    CharacterModel model = CharacterModel.of(text("a"));

    assertThat(sumAfter(model, "aaaaa")).isCloseTo(1, EXACT);
    assertThat(after(model, "aaaaa", "a")).isCloseTo((1 + 1 / 27.0) / 2, EXACT);
  }

  @Test
  void contextsCrossNothingButTheText() {
    CharacterModel model = CharacterModel.of(text("the cat sat on the mat"));

    assertThat(model.bitsPerCharacter(TOKENIZER.encode("the cat")))
        .isLessThan(model.bitsPerCharacter(TOKENIZER.encode("tac eht")));
  }

  @Test
  void masksAreRefused() {
    CharacterModel model = CharacterModel.of(text("abc"));

    assertThatThrownBy(() -> model.bitsPerCharacter(new int[] {0, V}))
        .hasMessageContaining("token (27) must be in 0..26");
    assertThatThrownBy(() -> model.bitsPerCharacter(new int[0])).hasMessageContaining("got none");
  }

  @Test
  void orderMustFitAnArray() {
    assertThatThrownBy(() -> CharacterModel.of(text("abc"), 0)).hasMessageContaining("order (0)");
    assertThatThrownBy(() -> CharacterModel.of(text("abc"), 7)).hasMessageContaining("order (7)");
  }

  private static double sumAfter(CharacterModel model, String context) {
    double sum = 0;
    for (int token = 0; token < V; token++) {
      sum += after(model, context, TOKENIZER.decode(new int[] {token}));
    }
    return sum;
  }

  private static double after(CharacterModel model, String context, String symbol) {
    return model.probability(TOKENIZER.encode(context + symbol), context.length());
  }

  private static TokenSequence text(String text) {
    return TextFile.read(
        "test", new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String noise(int length) {
    Random random = new Random(5);
    StringBuilder noise = new StringBuilder();
    while (noise.length() < length) {
      noise.append(random.nextBoolean() ? 'a' : 'b');
    }
    return noise.toString();
  }
}
