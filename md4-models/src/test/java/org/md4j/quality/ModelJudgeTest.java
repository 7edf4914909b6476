package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.data.TokenSplits;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.data.text.TextFile;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Model;
import org.md4j.diffusion.Training;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.MaskedCrossEntropy;
import org.md4j.train.TrainerConfig;

class ModelJudgeTest {
  /** Rounding of 32 bits, of a dozen nats. */
  private static final double ROUNDING = 1e-4;

  private static final int LENGTH = 12;
  private static final String TEXT = "the cat sat "; // as long as a row
  private static final Text27Tokenizer TOKENIZER = new Text27Tokenizer();

  @Test
  void aTextCostsItsExactLikelihoodWithoutTheFirstToken() {
    try (ModelJudge judge = new ModelJudge("cats", trained(Model.AR))) {
      Rows row = Rows.of(TokenBatch.of(TOKENIZER.vocabulary(), TOKENIZER.encode(TEXT)));
      AutoregressiveLikelihood objective = new AutoregressiveLikelihood();
      double all =
          objective
              .estimate(
                  objective.noise(
                      row, new double[1], new CounterRandom(0).uniforms(Purpose.MASK, 0)),
                  judge.model().denoiser())
              .get(0)
              .total();
      double first =
          new MaskedCrossEntropy()
              .nats(
                  judge.model().denoiser(),
                  new DenoiserInput(row, new double[1], new int[] {0}),
                  TOKENIZER.encode("t"))[0];

      TextJudge.Judgement judged = judge.judge(List.of(TEXT));

      assertThat(judged.tokens()).isEqualTo(LENGTH - 1);
      assertThat(judged.nats()).isCloseTo(all - first, within(ROUNDING));
      TextJudge.Judgement twice = judge.judge(List.of(TEXT + TEXT));
      assertThat(twice.tokens()).isEqualTo(2 * (LENGTH - 1));
      assertThat(twice.nats()).isCloseTo(2 * judged.nats(), within(ROUNDING));
    }
  }

  @Test
  void aDiffusionModelIsNoJudge() {
    try (MaskedDiffusion model = trained(Model.MD4)) {
      assertThatThrownBy(() -> new ModelJudge("cats", model))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("model (cats) must be autoregressive");
    }
  }

  private static MaskedDiffusion trained(Model kind) {
    TokenSplits text =
        TextFile.read(
                "cats",
                new ByteArrayInputStream(TEXT.repeat(60).getBytes(StandardCharsets.US_ASCII)))
            .split();
    return MaskedDiffusion.train(
        text,
        TransformerConfig.builder(27, LENGTH).layers(1).heads(2).headSize(8).build(),
        Training.builder(TrainerConfig.builder(5, 4, 1e-2).build()).model(kind).build());
  }
}
