package org.md4j.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CudaCheckTest {
  @ParameterizedTest
  @ValueSource(ints = {37, 50, 61, 70, 75, 80, 86, 89})
  void coveredGpusAreAccepted(int capability) {
    assertThat(CudaCheck.capabilityProblem(capability)).isEmpty();
  }

  @Test
  void newerGpusAreToldThatThereIsNoPtx() {
    assertThat(CudaCheck.capabilityProblem(90))
        .hasValueSatisfying(
            problem -> assertThat(problem).contains("9.0", "3.7 to 8.9", "no PTX", "Hopper"));
    assertThat(CudaCheck.capabilityProblem(120).orElseThrow()).contains("12.0", "no PTX");
  }

  @Test
  void olderGpusAreToldTheRange() {
    assertThat(CudaCheck.capabilityProblem(35).orElseThrow())
        .contains("3.5", "3.7 to 8.9")
        .doesNotContain("PTX");
  }

  @Test
  void aMissingDriverIsNamed() {
    UnsatisfiedLinkError error = new UnsatisfiedLinkError("no jnicudart in java.library.path");
    error.initCause(
        new UnsatisfiedLinkError("libjnicudart.so: libcuda.so.1: cannot open shared object file"));

    assertThat(CudaCheck.linkageProblem(error)).contains("no NVIDIA driver").doesNotContain("\n");
    assertThat(CudaCheck.noDevice(35)).contains("driver");
    assertThat(CudaCheck.noDevice(100)).contains("no CUDA device");
  }
}
