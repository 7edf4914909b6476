package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.md4j.contract.RowSourceContract;

class RowSourceTest {
  private static final Rows ROWS =
      Rows.of(
          TokenBatch.of(new Vocabulary(3), new int[] {0, 1}, new int[] {2, 2}, new int[] {1, 1}));

  @Nested
  class InMemory extends RowSourceContract {
    @Override
    protected RowSource source() {
      return RowSource.of("three rows", ROWS);
    }
  }

  @Nested
  class InMemoryWithClasses extends RowSourceContract {
    @Override
    protected RowSource source() {
      return RowSource.of("three rows", ROWS.withLabels(1, 0, 1), 5);
    }
  }

  @Test
  void classesAreThoseThatLabelsShowUnlessStated() {
    assertThat(RowSource.of("rows", ROWS).classes()).isZero();
    assertThat(RowSource.of("rows", ROWS.withLabels(1, 0, 1)).classes()).isEqualTo(2);
    assertThat(RowSource.of("rows", ROWS.withLabels(1, 0, 1), 5).classes()).isEqualTo(5);
  }

  @Test
  void identityIsThatOfTokensAndLabels() throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(9 * Integer.BYTES);
    for (int value : new int[] {0, 1, 2, 2, 1, 1, 1, 0, 1}) {
      bytes.putInt(value);
    }
    MessageDigest digest = MessageDigest.getInstance("SHA-256");

    assertThat(RowSource.of("rows", ROWS.withLabels(1, 0, 1)).sha256())
        .isEqualTo(HexFormat.of().formatHex(digest.digest(bytes.array())));
    assertThat(RowSource.of("other name", ROWS).sha256())
        .isEqualTo(RowSource.of("rows", ROWS.withFirstExample(4)).sha256())
        .isNotEqualTo(RowSource.of("rows", ROWS.withLabels(1, 0, 1)).sha256());
  }

  @Test
  void rejectsMasksAndLabelsOutOfRange() {
    Rows masked = Rows.of(TokenBatch.allMasked(new Vocabulary(3), 1, 2));

    assertThatThrownBy(() -> RowSource.of("rows", masked))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clean must not hold masks, got one at row 0, position 0");
    assertThatThrownBy(() -> RowSource.of("rows", ROWS.withLabels(1, 0, 2), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label (2) of row 2 must be in 0..1");
    assertThatThrownBy(() -> RowSource.of("rows", ROWS, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 0 labels");
  }
}
