package org.md4j.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;
import org.md4j.core.TokenBatch;
import org.md4j.data.image.CountedImages;
import org.md4j.data.image.ImageSource;
import org.md4j.data.text.TextFile;

class ExampleRowsTest {
  private final ExampleSource chunks =
      ExampleSource.chunks(
          TextFile.read("test", new ByteArrayInputStream("abcdefghi".getBytes(US_ASCII))), 3);
  private final ExampleRows rows = new ExampleRows(chunks);

  @Test
  void rowsAreTheExamplesOfTheirNumbersInAnyOrder() {
    TokenBatch batch = rows.rows(new long[] {2, 0, 2});

    assertThat(rows.vocabulary()).isEqualTo(chunks.vocabulary());
    assertThat(rows.length()).isEqualTo(3);
    assertThat(rows.rows()).isEqualTo(3);
    assertThat(batch.vocabulary()).isEqualTo(chunks.vocabulary());
    assertThat(batch.rows()).isEqualTo(3);
    assertThat(batch.toFlat()).containsExactly(6, 7, 8, 0, 1, 2, 6, 7, 8);
  }

  @Test
  void labelsAreThoseOfTheExamplesIfTheyHaveSome() {
    ImageSource pictures = new CountedImages(30);

    assertThat(rows.labels(new long[] {2, 0})).isEmpty();
    assertThat(new ExampleRows(pictures).labels(new long[] {11, 0, 10})).containsExactly(2, 0, 1);
  }

  @Test
  void aRowThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> rows.rows(new long[] {3}))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("index (3) must be in [0, 3)");
  }
}
