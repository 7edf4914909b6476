package org.md4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.compute.Precision;

class ResumeHintTest {
  @ParameterizedTest
  @CsvSource({"TEXT, F32, text, f32", "IMAGE, BF16, image, bf16"})
  void theCommandGoesOnInThePrecisionThatWasInUse(
      RunKind kind, Precision precision, String data, String format) {
    ResumeHint hint =
        new ResumeHint(new RunFolder(Path.of("runs/one")), kind, precision, System.err);

    assertThat(hint.command())
        .isEqualTo("./md4 train %s --resume runs/one --precision %s".formatted(data, format));
  }
}
