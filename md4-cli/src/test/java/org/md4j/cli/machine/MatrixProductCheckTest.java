package org.md4j.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.compute.Precision;

class MatrixProductCheckTest {
  @Test
  void nativeProductAgreesWithPlainJava() {
    MatrixProductCheck check = MatrixProductCheck.run(65);

    assertThat(check.passed()).isTrue();
    assertThat(check.gigaflops()).isPositive();
    assertThat(check.stackedGigaflops()).isPositive();
  }

  @Test
  void mixedPrecisionIsMeasuredWhereItIsTheFaster() {
    MatrixProductCheck check = MatrixProductCheck.run(65, Precision.BF16);

    assertThat(check.passed()).isTrue();
    assertThat(check.bf16Gigaflops()).isPositive();
    assertThat(MatrixProductCheck.run(65, Precision.F32).bf16Gigaflops()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "10, 31, SLOW in networks: less than a third of ND4J alone",
    "31, 10, SLOW by ND4J alone: less than a third of networks",
    "10, 29,",
    "29, 10,"
  })
  void waysThatAreFarApartAreSaid(
      double networkGigaflops, double gigaflops, @Nullable String said) {
    MatrixProductCheck check =
        new MatrixProductCheck(65, 0, networkGigaflops, null, gigaflops, gigaflops);

    assertThat(check.slowWay()).isEqualTo(Optional.ofNullable(said));
  }

  @Test
  void aWrongProductDoesNotPass() {
    assertThat(
            new MatrixProductCheck(65, 10 * MatrixProductCheck.TOLERANCE, 1, null, 1, 1).passed())
        .isFalse();
    assertThat(new MatrixProductCheck(65, Double.NaN, 1, null, 1, 1).passed()).isFalse();
  }
}
