package org.md4j.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.model.ReplicaPool;
import org.md4j.train.TrainerConfig;
import picocli.CommandLine;

class TextSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "tiny, 37, 2, 19",
    "tiny, 32, 1, 32",
    "tiny, 1, 1, 1",
    "text8, 37, 3, 13",
    "text8, 512, 32, 16"
  })
  void aBatchIsSplitIntoTheFewestPartsThatFit(
      String preset, int batch, int parts, int largestPart) {
    TextSettings settings =
        CommandLine.populateCommand(new TextSettings(), "--preset=" + preset, "--batch=" + batch);

    TrainerConfig trainer = settings.config(null).trainer();

    assertThat(trainer.batchSize()).isEqualTo(batch);
    assertThat(trainer.accumulation()).isEqualTo(parts);
    assertThat(trainer.microBatchRows()).isEqualTo(largestPart);
    assertThat(trainer.replicas()).isEqualTo(Math.min(ReplicaPool.defaultSize(), batch / parts));
  }
}
