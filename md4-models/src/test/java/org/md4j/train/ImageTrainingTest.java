package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.core.Vocabulary;
import org.md4j.data.ExampleSource;
import org.md4j.golden.GoldenVectors;
import org.md4j.model.image.ImageDenoiser;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.schedule.MaskingSchedule;

class ImageTrainingTest {
  /** Six standard errors of the bound at initialisation over 64 pictures, measured as 0.04. */
  private static final double SAMPLING = 0.25;

  private static final int PICTURES = 8;

  @Test
  void anUntrainedNetworksBoundIsTheGoldenOne() {
    UNetConfig config = pyramid();
    try (Trainer trainer = trainer(config, TrainerConfig.of(1, 8, 1e-3, 10, 0).withReplicas(2))) {
      EvaluationReport report = trainer.evaluate();

      double golden = GoldenVectors.expected("init/loss_bits_per_token").get("256").doubleValue();
      assertThat(report.bitsPerToken()).isCloseTo(golden, within(SAMPLING));
    }
  }

  private static Trainer trainer(UNetConfig config, TrainerConfig settings) {
    Pictures pictures = new Pictures(config);
    return new Trainer(
        ImageDenoiser.create(config, 0),
        new ContinuousTimeElbo(MaskingSchedule.reference()),
        pictures,
        pictures,
        settings,
        List.of());
  }

  private static UNetConfig pyramid() {
    return new UNetConfig(
        256, 6, 6, 3, 8, 16, List.of(1, 2), 1, new Middle.Attention(1), false, 4, true, 0, 0);
  }

  /** Eight pictures of slopes, over and over. */
  private record Pictures(UNetConfig config) implements ExampleSource {
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
      return 64;
    }

    @Override
    public void example(long index, int[] into) {
      int picture = (int) (index % PICTURES);
      for (int n = 0; n < into.length; n++) {
        int colour = n % config.colours();
        int x = n / config.colours() % config.width();
        int y = n / config.colours() / config.width();
        int slope = colour == 0 ? x : colour == 1 ? y : x + y;
        into[n] = 30 * picture + 3 * slope + 2 * colour;
      }
    }

    @Override
    public String name() {
      return "eight pictures";
    }

    @Override
    public String sha256() {
      return "none";
    }
  }
}
