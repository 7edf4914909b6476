package org.md4j.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BlasKernelsTest {
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  @Test
  void aProcessorWithAvx2HasNoOldKernels() throws IOException {
    BlasKernels kernels = BlasKernels.load();

    assertThat(kernels.version()).matches("[0-9]+(\\.[0-9]+)+");
    if (Files.exists(PROCESSOR) && Files.readString(PROCESSOR).contains(" avx2 ")) {
      assertThat(kernels.isOld()).as(kernels.toString()).isFalse();
      assertThat(kernels.toString()).contains("OpenBLAS").doesNotContain("SLOW");
    }
  }

  @Test
  void oldKernelsAreNamedWithTheRemedy() {
    BlasKernels kernels = new BlasKernels("Prescott", "0.3.19");

    assertThat(kernels.isOld()).isTrue();
    assertThat(kernels.toString())
        .contains("Prescott", "0.3.19", "org.bytedeco:openblas", "OPENBLAS_CORETYPE");
  }
}
