package org.md4j.cli.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.likelihood.SampleMean;
import org.md4j.train.GradientNoise;

/** A model's line of the table, from runs whose numbers are given. */
class ModelSeedsTest {
  private static final double ROUNDING = 1e-12;

  @Test
  void severalSeedsArePairedAndTheirScatterIsTheUncertainty() {
    ModelSeeds md4 = seeds(row(StudyModel.MD4, 0, 2.0, 2.2), row(StudyModel.MD4, 1, 2.4, 2.6));
    ModelSeeds flat =
        seeds(row(StudyModel.MD4_FLAT, 0, 1.9, 2.0), row(StudyModel.MD4_FLAT, 1, 2.4, 2.3));

    requireNear(flat.mean(), 2.15, 0.2);
    requireNear(flat.difference(md4), -0.15, 0);
    assertThat(flat.toMarkdown(md4, true))
        .isEqualTo(
            "| md4-flat | 5 | 80 | 1,234 | 2.1500 ± 0.2000 (1.950, 2.350) | -0.1500 ± 0.0000 |  |"
                + " 3.00, 3.00 |");
  }

  @Test
  void ofASingleSeedGroupsOfRowsArePaired() {
    ModelSeeds md4 = seeds(row(StudyModel.MD4, 0, 2.0, 2.2));
    ModelSeeds flat = seeds(row(StudyModel.MD4_FLAT, 0, 1.9, 2.0));

    requireNear(flat.mean(), 1.95, 0.05);
    requireNear(flat.difference(md4), -0.15, 0.05);
    assertThat(flat.toMarkdown(md4, false))
        .isEqualTo("| md4-flat | 5 | 80 | 1,234 | 1.9500 ± 0.0500 | -0.1500 ± 0.0500 |  |");
    assertThat(md4.toMarkdown(md4, false))
        .isEqualTo("| md4 | 5 | 80 | 1,234 | 2.1000 ± 0.1000 |  |  |");
  }

  private static void requireNear(SampleMean actual, double mean, double standardError) {
    assertThat(actual.mean()).isCloseTo(mean, within(ROUNDING));
    assertThat(actual.standardError()).isCloseTo(standardError, within(ROUNDING));
  }

  private static ModelSeeds seeds(ModelRow... runs) {
    return new ModelSeeds(List.of(runs));
  }

  private static ModelRow row(StudyModel model, long seed, double... bits) {
    return new ModelRow(model, seed, 5, 80, 1_234, null, bits, new GradientNoise(2, 0.5, 1.5));
  }
}
