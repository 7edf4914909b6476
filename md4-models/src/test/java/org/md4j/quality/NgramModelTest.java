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
import org.md4j.core.Vocabulary;
import org.md4j.data.TokenSequence;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.data.text.TextFile;

class NgramModelTest {
  /** Sums of 27 doubles and quotients of small integers. */
  private static final Offset<Double> EXACT = within(1e-14);

  private static final int V = 27;
  private static final Text27Tokenizer TOKENIZER = new Text27Tokenizer();

  /** Symbols a and b at random, so that most contexts of six letters are not in it. */
  private static final String NOISE = noise(400);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void probabilitiesSumToOneAfterEveryContextSeenOrNot(int order) {
    NgramModel model = NgramModel.of(text(NOISE), order);
    List<String> contexts =
        List.of("", "a", "ab", "abab", "aaaaa", "bbbbb", "babab", "zzzzz", "aazaa", "zaaaa", "qa");

    for (String context : contexts) {
      assertThat(sumAfter(model, context)).as("after '%s'", context).isCloseTo(1, EXACT);
    }
  }

  @Test
  void probabilitiesSumToOneAfterEveryContextOfTheText() {
    NgramModel model = NgramModel.of(text(NOISE), NgramModel.CHARACTERS);

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
    NgramModel model = NgramModel.of(text("abac"), 2);
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
    assertThat(model.bitsPerToken(TOKENIZER.encode("ab")))
        .isCloseTo(-(Math.log(a) + Math.log((1 + 2 * b) / 4)) / (2 * Math.log(2)), EXACT);
  }

  /** Of aaaaaab the model knows one 6-gram twice over: aaaaa is followed by a once and b once. */
  @Test
  void longestContextIsOfFiveSymbols() {
    NgramModel model = NgramModel.of(text("aaaaaab"), NgramModel.CHARACTERS);

    double shorter = after(model, "aaaa", "b");

    assertThat(after(model, "aaaaa", "b")).isCloseTo((1 + 2 * shorter) / 4, EXACT);
    assertThat(after(model, "zaaaaa", "b")).isEqualTo(after(model, "aaaaa", "b"));
    assertThat(after(model, "zaaaa", "b")).isEqualTo(after(model, "aaaa", "b"));
  }

  @Test
  void textShorterThanTheOrderIsEnough() {
    NgramModel model = NgramModel.of(text("a"), NgramModel.CHARACTERS);

    assertThat(sumAfter(model, "aaaaa")).isCloseTo(1, EXACT);
    assertThat(after(model, "aaaaa", "a")).isCloseTo((1 + 1 / 27.0) / 2, EXACT);
  }

  @Test
  void contextsCrossNothingButTheText() {
    NgramModel model = NgramModel.of(text("the cat sat on the mat"), NgramModel.CHARACTERS);

    assertThat(model.bitsPerToken(TOKENIZER.encode("the cat")))
        .isLessThan(model.bitsPerToken(TOKENIZER.encode("tac eht")));
  }

  @Test
  void masksAreRefused() {
    NgramModel model = NgramModel.of(text("abc"), NgramModel.CHARACTERS);

    assertThatThrownBy(() -> model.bitsPerToken(new int[] {0, V}))
        .hasMessageContaining("token (27) must be in 0..26");
    assertThatThrownBy(() -> model.bitsPerToken(new int[0])).hasMessageContaining("got none");
  }

  /** The text of {@link #smallCaseByHand} among so many tokens that pairs have no cells. */
  @Test
  void manyTokensAreCountedAsFewAre() {
    int size = 50_257;
    int a = 11;
    int b = 50_256;
    int c = 7;
    NgramModel model =
        NgramModel.of(
            TokenSequence.of(new Vocabulary(size), "test", new int[] {a, b, a, c, a, b, b}), 3);
    double first = (3 + 3.0 / size) / 10;
    double second = (3 + 3.0 / size) / 10;
    double afterA = (2 + 2 * second) / (3 + 2);
    double afterBa = (0 + 1 * afterA) / (1 + 1);

    assertThat(model.probability(new int[] {a}, 0)).isCloseTo(first, EXACT);
    assertThat(model.probability(new int[] {a, b}, 1)).isCloseTo(afterA, EXACT);
    assertThat(model.probability(new int[] {b, a, b}, 2)).isCloseTo(afterBa, EXACT);
    double sum = 0;
    for (int token = 0; token < size; token++) {
      sum += model.probability(new int[] {a, b, token}, 2);
    }
    assertThat(sum).isCloseTo(1, within(1e-10));
  }

  @Test
  void orderMustFitNumbersOfGrams() {
    assertThatThrownBy(() -> NgramModel.of(text("abc"), 0)).hasMessageContaining("order (0)");
    assertThatThrownBy(() -> NgramModel.of(text("abc"), 14)).hasMessageContaining("order (14)");
  }

  private static double sumAfter(NgramModel model, String context) {
    double sum = 0;
    for (int token = 0; token < V; token++) {
      sum += after(model, context, TOKENIZER.decode(new int[] {token}));
    }
    return sum;
  }

  private static double after(NgramModel model, String context, String symbol) {
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
