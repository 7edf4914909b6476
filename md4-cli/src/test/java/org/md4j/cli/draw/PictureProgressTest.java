package org.md4j.cli.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.Reveal;

class PictureProgressTest {
  @ParameterizedTest
  @CsvSource({"20, '25 % of pictures 1 '", "80, 25 % of pictures 1 to 1 of 3"})
  void theLineFitsIntoTheTerminal(int columns, String expected) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PictureProgress progress =
        new PictureProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), columns, 3);
    Vocabulary vocabulary = new Vocabulary(2);
    int mask = vocabulary.maskId();

    progress
        .watch(TokenBatch.of(vocabulary, new int[] {mask, mask, mask, mask}))
        .onReveal(new Reveal(0, 1, 0.5, 0, 1, 0.5, 0.5));

    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\r\u001b[K" + expected);
  }
}
