package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.RowSource;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.model.image.BlockConditioning;
import org.md4j.model.image.ImageDenoiser;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.schedule.MaskingSchedule;

@Tag("slow")
class ImageTrainingTest {
  /** Six standard errors of the bound at initialisation over 64 images, measured as 0.04. */
  private static final double SAMPLING = 0.25;

  /**
   * In bits per sub-pixel. Which of eight images it is takes 3 bits, 0.016 of each of an image's
   * 192 sub-pixels; the pyramid ends at 0.050, the transformer at 0.037.
   */
  private static final double LEARNT_BY_HEART = 0.1;

  private static final int IMAGES = 8;
  private static final int TIMES = 128;

  @Test
  void anUntrainedNetworksBoundIsTheGoldenOne() {
    UNetConfig config = pyramid();
    TrainerConfig settings =
        TrainerConfig.builder(1, 8, 1e-3)
            .optimizer(adamW -> adamW.warmupSteps(10))
            .replicas(2)
            .evaluation(evaluation -> evaluation.rows(64))
            .build();
    try (Trainer trainer = trainer(config, settings)) {
      EvaluationReport report = trainer.evaluate();

      double golden = GoldenVectors.expected("init/loss_bits_per_token").get("256").doubleValue();
      assertThat(report.bitsPerToken()).isCloseTo(golden, within(SAMPLING));
    }
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("pyramid with attention", pyramid(), 1e-2),
        Arguments.of("transformer", transformer(), 7e-3));
  }

  /** Evaluated at {@value #TIMES} times and masks of every image. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void eightImagesAreLearntByHeart(String name, UNetConfig config, double learningRate) {
    TrainerConfig settings =
        TrainerConfig.builder(1_000, IMAGES, learningRate)
            .optimizer(adamW -> adamW.warmupSteps(50).beta2(0.99).clipNorm(1))
            .replicas(1)
            .build();
    try (Trainer trainer = trainer(config, settings)) {
      assertThat(trainer.train().validBits()).isLessThan(LEARNT_BY_HEART);
    }
  }

  private static Trainer trainer(UNetConfig config, TrainerConfig settings) {
    Images images = new Images(config);
    return new Trainer(
        ImageDenoiser.create(config, 0),
        new ContinuousTimeElbo(MaskingSchedule.reference()),
        images,
        images,
        settings,
        List.of());
  }

  private static UNetConfig pyramid() {
    return UNetConfig.builder(8, 8, 3)
        .embeddingWidth(16)
        .channels(16)
        .channelMultipliers(List.of(1, 1))
        .blocksPerLevel(1)
        .middle(new Middle.Attention(1))
        .groups(4)
        .build();
  }

  private static UNetConfig transformer() {
    Middle middle = Middle.Transformer.builder().layers(1).width(32).heads(2).patch(2).build();
    return UNetConfig.builder(8, 8, 3)
        .embeddingWidth(16)
        .channels(32)
        .blocksPerLevel(1)
        .middle(middle)
        .blockConditioning(BlockConditioning.SCALE_SHIFT)
        .groups(4)
        .build();
  }

  /** Eight images of slopes, over and over. */
  private record Images(UNetConfig config) implements RowSource {
    @Override
    public Vocabulary vocabulary() {
      return config.vocabulary();
    }

    @Override
    public int length() {
      return config.length();
    }

    @Override
    public long size() {
      return IMAGES * TIMES;
    }

    @Override
    public void row(long index, int[] into) {
      int image = (int) (index % IMAGES);
      for (int n = 0; n < into.length; n++) {
        int colour = n % config.colours();
        int x = n / config.colours() % config.width();
        int y = n / config.colours() / config.width();
        int slope = colour == 0 ? x : colour == 1 ? y : x + y;
        into[n] = 27 * image + 3 * slope + 2 * colour;
      }
    }

    @Override
    public String name() {
      return "eight images";
    }

    @Override
    public String sha256() {
      return "none";
    }
  }
}
