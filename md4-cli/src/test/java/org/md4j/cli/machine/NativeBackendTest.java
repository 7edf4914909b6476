package org.md4j.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NativeBackendTest {
  @Test
  void classifierIsReadFromThePathOfTheLibrary() {
    String path =
        "/home/a/.javacpp/cache/nd4j-native-1.0.0-M2.1-linux-x86_64-onednn-avx512.jar/org/nd4j/x.so";

    assertThat(NativeBackend.classifierOf(path)).hasValue("linux-x86_64-onednn-avx512");
    assertThat(NativeBackend.classifierOf(path.replace("native-1", "cuda-11.6-1")))
        .hasValue("linux-x86_64-onednn-avx512");
    assertThat(NativeBackend.classifierOf("/cache/openblas-0.3.19-1.5.7-linux-x86_64.jar/x.so"))
        .isEmpty();
  }

  @Test
  void loadedBackendIsDescribed() {
    NativeBackend backend = NativeBackend.load();

    assertThat(backend.name()).isEqualTo("CpuBackend");
    assertThat(backend.classifier()).isNotEqualTo("unknown");
    assertThat(backend.blasVendor()).isNotBlank();
    assertThat(backend.ompThreads()).isPositive();
  }
}
