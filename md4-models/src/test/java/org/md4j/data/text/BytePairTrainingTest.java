package org.md4j.data.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.data.DataException;

class BytePairTrainingTest {
  @TempDir Path folder;

  private static String token(BytePairEncoding encoding, int token) {
    return new String(encoding.bytes(token), UTF_8);
  }

  /**
   * By hand, the example of Sennrich et al. (2016): low 5 times, lower 2, newest 6, widest 3, each
   * after a space. es, st and est are 9 times, then " l", "lo" and "ow" 7 times: of equals the one
   * with the smaller left byte is first, the space (32) before l (108) before o (111).
   */
  @Test
  void joinsTheMostFrequentPairFirst() {
    BytePairTraining training = new BytePairTraining();
    training.add(" low".repeat(5) + " lower".repeat(2));
    training.add(" newest".repeat(6) + " widest".repeat(3));

    BytePairEncoding encoding = training.learn(263);

    assertThat(encoding.size()).isEqualTo(263);
    assertThat(IntStream.range(256, 262).mapToObj(id -> token(encoding, id)))
        .containsExactly("es", "est", " l", "ow", " low", " n");
    assertThat(encoding.bytes(262)).isEmpty();
    assertThat(IntStream.range(0, 256).map(id -> encoding.bytes(id)[0] & 0xFF))
        .containsExactlyElementsOf(IntStream.range(0, 256).boxed().toList());
  }

  /** A run of one letter, whose pairs overlap. */
  @Test
  void countsAndJoinsRepeatedLettersFromTheLeft() {
    BytePairTraining training = new BytePairTraining();
    training.add("aaaaa");

    assertThat(token(training.learn(258), 256)).isEqualTo("aa");
    // aa aa a: one pair (aa, aa), one (aa, a); the smaller right id, a, wins.
    assertThat(token(training.learn(259), 257)).isEqualTo("aaa");
  }

  @Test
  void noTokenReachesFromOneWordIntoTheNext() {
    BytePairTraining training = new BytePairTraining();
    training.add("to be, or not to be: it's 12 or\n\n 21 ".repeat(50));

    BytePairEncoding encoding = training.learn(272);

    for (int id = 256; id < 271; id++) {
      assertThat(token(encoding, id)).matches("\\s*|\\s?[a-z]+|'[a-z]+|\\s?\\d+|\\s?[,:']+");
    }
  }

  @Test
  void tooFewPairsAreAnErrorThatSaysHowManyThereAre() {
    BytePairTraining training = new BytePairTraining();
    training.add("abc");

    assertThatThrownBy(() -> training.learn(1_000))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "text must have pairs for a vocabulary of 1000, got enough for 259: give more text, or ask for fewer");
    assertThatThrownBy(() -> training.learn(256))
        .hasMessage("size (256) must be at least 257: the bytes and the end of text");
  }

  /** Of ten words and room for eight those seen once go: three of two pairs each stay. */
  @Test
  void forgetsTheRarestOfTooManyWords() {
    BytePairTraining training = new BytePairTraining(8);
    training.add(" aa bb cc".repeat(5) + " xa xb xc xd xe xf xg");

    assertThat(IntStream.range(256, 262).mapToObj(id -> token(training.learn(263), id)))
        .noneMatch(token -> token.contains("x"));
    assertThatThrownBy(() -> training.learn(264)).hasMessageContaining("got enough for 263");
  }

  @Test
  void theFileIsReadByTheOriginalTokenizersAndGivesTheSameTokens() throws IOException {
    BytePairTraining training = new BytePairTraining();
    String text =
        "The caf\u00e9 isn't far: 12 steps, 12 more.\n\nThe caf\u00e9 \ud83d\ude00 is open!\t"
            .repeat(5);
    training.add(text);
    BytePairEncoding encoding = training.learn(288);
    Path file = folder.resolve("tokenizer.json");

    encoding.write(file);

    HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.read(file);
    assertThat(tokenizer.vocabulary().size()).isEqualTo(288);
    assertThat(tokenizer.endOfText()).hasValue(287);
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    for (int id = 128; id < 287; id++) {
      assertThat(tokenizer.decode(new int[] {id})).as("%d", id).isEqualTo(token(encoding, id));
    }
    assertThat(tokenizer.encode(text)).hasSizeLessThan(text.getBytes(UTF_8).length / 2);
    encoding.write(folder.resolve("again.json"));
    assertThat(Files.readAllBytes(folder.resolve("again.json")))
        .isEqualTo(Files.readAllBytes(file));
  }
}
