package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.quality.OnnxFile.bytes;
import static org.md4j.quality.OnnxFile.join;
import static org.md4j.quality.OnnxFile.number;
import static org.md4j.quality.OnnxFile.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.ByteTokenizer;
import org.md4j.data.text.Gpt2Tokenizer;
import org.md4j.likelihood.SampleMean;

/**
 * By a network that looks up the logits after each byte: that of b after a is 2, all others are 0.
 */
class OnnxLanguageModelTest {
  private static final Offset<Double> EXACT = within(1e-6);
  private static final Tokenizer BYTES = new ByteTokenizer();
  private static final int V = 256;

  /** Numbers of ONNX's types. */
  private static final int FLOAT = 1;

  private static final int INT64 = 7;

  private static final double OTHER = Math.log(V - 1 + Math.exp(2));
  private static final double PAIR = OTHER - 2;
  private static final double UNIFORM = Math.log(V);

  @TempDir private Path folder;

  @Test
  void aTokenCostsWhatThePredictionAfterTheOneBeforeItSays() throws IOException {
    try (OnnxLanguageModel judge = OnnxLanguageModel.open(bigrams("input_ids"), BYTES, 100)) {
      // After a: b, then after b: a, then after a: a. The first a is given.
      TextJudge.Judgement judged = judge.judge(List.of("abaa"));

      assertThat(judged.tokens()).isEqualTo(3);
      assertThat(judged.nats()).isCloseTo(PAIR + UNIFORM + OTHER, EXACT);
      assertThat(judge.name()).matches("onnx input_ids\\.onnx, sha256 [0-9a-f]{64}");
    }
  }

  @Test
  void aLongTextIsJudgedInPieces() throws IOException {
    try (OnnxLanguageModel judge = OnnxLanguageModel.open(bigrams("input_ids"), BYTES, 3)) {
      // "aba", "bab" and "a": the last has nothing to judge, and no pair reaches across.
      TextJudge.Judgement judged = judge.judge(List.of("abababa"));

      assertThat(judged.tokens()).isEqualTo(4);
      assertThat(judged.nats()).isCloseTo(2 * PAIR + 2 * UNIFORM, EXACT);
    }
  }

  @Test
  void meanOverTextsWeighsEachTextAlike() throws IOException {
    try (OnnxLanguageModel judge = OnnxLanguageModel.open(bigrams("input_ids"), BYTES, 100)) {
      SampleMean bits = judge.bitsPerToken(List.of(List.of("ab"), List.of("aaaa"), List.of("a")));

      assertThat(bits.mean()).isCloseTo((PAIR + OTHER) / 2 / Math.log(2), EXACT);
      assertThat(bits.size()).isEqualTo(2);
    }
  }

  @Test
  void modelsOfOtherInputsGiveOneLine() throws IOException {
    Path cached = bigrams("past_key_values");

    assertThatThrownBy(() -> OnnxLanguageModel.open(cached, BYTES, 100))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must have inputs input_ids")
        .hasMessageContaining("got inputs [past_values, past_key_values]")
        .hasMessageContaining("without a cache");
    assertThatThrownBy(() -> OnnxLanguageModel.open(folder.resolve("no.onnx"), BYTES, 100))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must be an existing file");
  }

  @Test
  void aTokenizerOfMoreTokensIsRefused() throws IOException {
    Path small = bigrams("input_ids");

    assertThatThrownBy(() -> OnnxLanguageModel.open(small, new Gpt2Tokenizer(), 100))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must know the 50257 tokens of its tokenizer, got logits of 256");
  }

  @Test
  void otherInputsAreOnesAndPositions() throws IOException {
    // Each byte is predicted by what the other input holds in place of the byte before it.
    try (OnnxLanguageModel ones =
        OnnxLanguageModel.open(bigrams("attention_mask", 1, 'b'), BYTES, 100)) {
      assertThat(ones.judge(List.of("abb")).nats()).isCloseTo(2 * PAIR, EXACT);
    }
    try (OnnxLanguageModel positions =
        OnnxLanguageModel.open(bigrams("position_ids", 1, 'b'), BYTES, 100)) {
      // Only the token after position 1 is the third.
      assertThat(positions.judge(List.of("abb")).nats()).isCloseTo(UNIFORM + PAIR, EXACT);
    }
  }

  @Test
  void partsAreEncodedByThemselvesWithTheJudgesEndsBetween() {
    Tokenizer gpt2 = new Gpt2Tokenizer();
    int[] tokens = {31373, 13, 50_256, 15496, 50_256};

    List<String> parts = TextJudge.parts(gpt2, tokens);

    assertThat(parts).containsExactly("hello.", "Hello", "");
    assertThat(JudgedPieces.of(gpt2, parts, 100)).containsExactly(tokens);
    assertThat(JudgedPieces.of(BYTES, parts, 100))
        .containsExactly(BYTES.encode("hello.Hello")); // Bytes have no end of text.
  }

  /** One Gather of rows of a table by the tokens. */
  private Path bigrams(String input) throws IOException {
    return bigrams(input, 'a', 'b');
  }

  /** One Gather by an input; a logit is 2, of one byte where the input has one number. */
  private Path bigrams(String input, int before, int after) throws IOException {
    ByteBuffer table = ByteBuffer.allocate(V * V * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    table.putFloat((before * V + after) * Float.BYTES, 2);
    byte[] initializer =
        join(
            number(1, V),
            number(1, V),
            number(2, FLOAT),
            text(8, "table"),
            bytes(9, table.array()));
    byte[] batch = text(2, "B");
    byte[] length = bytes(1, text(2, "L"));
    byte[] graph =
        join(
            bytes(1, join(text(1, "table"), text(1, input), text(2, "logits"), text(4, "Gather"))),
            text(2, "bigrams"),
            bytes(5, initializer),
            input.equals("input_ids")
                ? new byte[0]
                : bytes(
                    11,
                    tensor(
                        input.startsWith("past") ? "past_values" : "input_ids",
                        INT64,
                        join(bytes(1, batch), length))),
            bytes(11, tensor(input, INT64, join(bytes(1, batch), length))),
            bytes(
                12,
                tensor("logits", FLOAT, join(bytes(1, batch), length, bytes(1, number(1, V))))));
    return Files.write(
        folder.resolve(input + ".onnx"),
        join(number(1, 7), bytes(7, graph), bytes(8, number(2, 13))));
  }

  private static byte[] tensor(String name, int type, byte[] shape) throws IOException {
    return join(text(1, name), bytes(2, bytes(1, join(number(1, type), bytes(2, shape)))));
  }
}
