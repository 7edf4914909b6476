package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.md4j.cli.CommandRun;

class DoctorTest {
  @Test
  void showsWhatARunWouldRunOn() {
    CommandRun run = CommandRun.of("doctor");

    assertThat(run.exitCode()).isZero();
    assertThat(run.outLines())
        .extracting(line -> line.substring(0, 15).strip())
        .containsExactly(
            "md4",
            "DL4J",
            "Java",
            "system",
            "backend",
            "native code",
            "BLAS",
            "threads",
            "memory",
            "BLAS kernels",
            "networks",
            "matrix product");
    assertThat(run.out())
        .contains("right: 512 x 512", "GFLOP/s as in networks in f32")
        .containsPattern("networks .*; --precision auto is (f32|bf16)");
  }
}
