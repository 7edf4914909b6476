package org.md4j.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MatrixProductCheckTest {
  @Test
  void nativeProductAgreesWithPlainJava() {
    MatrixProductCheck check = MatrixProductCheck.run(65);

    assertThat(check.passed()).isTrue();
    assertThat(check.gigaflops()).isPositive();
    assertThat(check.stackedGigaflops()).isPositive();
  }

  @Test
  void aWrongProductDoesNotPass() {
    assertThat(new MatrixProductCheck(65, 10 * MatrixProductCheck.TOLERANCE, 1, 1, 1).passed())
        .isFalse();
    assertThat(new MatrixProductCheck(65, Double.NaN, 1, 1, 1).passed()).isFalse();
  }
}
