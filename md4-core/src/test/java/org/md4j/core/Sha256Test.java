package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Sha256Test {
  private static final String REST =
      "7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  /** FIPS 180-4's example, as given in NIST's "SHA256.pdf" of examples with intermediate values. */
  private static final String OF_ABC = "ba" + REST;

  @Test
  void aHashIsTheStandardsAndPassesTheCheck() {
    assertThat(Sha256.of("abc")).isEqualTo(OF_ABC);
    assertThat(Sha256.requireHex("sha256", OF_ABC)).isEqualTo(OF_ABC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ba78", "BA" + REST, "gg" + REST, "ba" + REST + "0"})
  void whatIsNoHashIsNamed(String hash) {
    assertThatThrownBy(() -> Sha256.requireHex("source", hash))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("source (%s) must be 64 lower-case hexadecimal digits", hash);
  }
}
