package org.md4j.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.objective.TrainingNoise;

class BenchmarkPresetTest {
  /** Parameters as they were before presets had settings of their own. */
  @ParameterizedTest
  @CsvSource({"tiny, 1065792", "mini, 3702336", "fashion, 2343968"})
  void inThePaperAPresetHasNothingElse(String name, long parameters) {
    BenchmarkPreset preset =
        BenchmarkPreset.ALL.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();

    BenchmarkPreset paper = preset.asInThePaper();

    assertThat(paper.create(ComputeBackend.preferred()).parameters().length())
        .isEqualTo(parameters);
    assertThat(paper.trainer().noise()).isEqualTo(TrainingNoise.paper());
    assertThat(paper.trainer().optimizer().muon().learningRate()).isZero();
    assertThat(paper.trainer().batchSize()).isEqualTo(preset.trainer().batchSize());
  }
}
