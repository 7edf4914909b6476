package org.md4j.train;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import org.md4j.core.RowSource;
import org.md4j.data.TokenSequence;
import org.md4j.data.text.TextFile;

/** A text with much to learn from neighbours. */
final class TestData {
  private static final String SENTENCE = "the cat sat on the mat and the dog sat on the log ";

  private TestData() {}

  static TokenSequence text() {
    return TextFile.read(
        "sentences", new ByteArrayInputStream(SENTENCE.repeat(40).getBytes(US_ASCII)));
  }

  static RowSource training(int length) {
    return text().part(0, 1800).windows(length);
  }

  static RowSource validation(int length) {
    return text().part(1800, 2000).chunks(length);
  }
}
