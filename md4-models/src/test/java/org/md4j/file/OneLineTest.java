package org.md4j.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {
  @Test
  void lineEndsAndControlCharactersAreVisible() {
    assertThat(OneLine.of("a\r\nb\rc\nd\u2028e")).isEqualTo("a\u21b5b\u21b5c\u21b5d\u21b5e");
    assertThat(OneLine.of("\u001b[2J\t\0\u007f\u009b"))
        .isEqualTo("\u241b[2J\u2409\u2400\u2421\ufffd");
    assertThat(OneLine.of("caf\u00e9 \ud83d\ude00")).isEqualTo("caf\u00e9 \ud83d\ude00");
  }
}
