package org.md4j.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.objective.TrainingNoise;

class BenchmarkPresetTest {
  /** Parameters and batches of the programs in benchmarks/peers, whatever our presets become. */
  @ParameterizedTest
  @CsvSource({
    "peer, 1065792, 32",
    "peer-text, 3702336, 16",
    "peer-words, 19775936, 8",
    "peer-images28, 2343968, 32",
    "peer-images64, 5167680, 8"
  })
  void peersHaveTheShapesOfThePapersNetworksAndNothingElse(
      String name, long parameters, int batch) {
    BenchmarkPreset preset =
        BenchmarkPreset.ALL.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();

    assertThat(preset.create(ComputeBackend.preferred()).parameters().length())
        .isEqualTo(parameters);
    assertThat(preset.trainer().noise()).isEqualTo(TrainingNoise.paper());
    assertThat(preset.trainer().optimizer().muon().learningRate()).isZero();
    assertThat(preset.trainer().batchSize()).isEqualTo(batch);
  }
}
