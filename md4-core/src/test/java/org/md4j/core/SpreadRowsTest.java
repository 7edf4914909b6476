package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.md4j.contract.RowSourceContract;

class SpreadRowsTest extends RowSourceContract {
  @Override
  protected RowSource source() {
    return RowSource.of(
            "five rows",
            Rows.of(TokenBatch.of(new Vocabulary(9), new int[][] {{8}, {7}, {6}, {5}, {4}}))
                .withLabels(0, 0, 1, 1, 2))
        .spread(3);
  }

  @Test
  void classesAreKept() {
    Rows rows = source().rows(0, 1, 2);

    assertThat(rows.tokens().toFlat()).containsExactly(8, 7, 5);
    assertThat(rows.labels()).containsExactly(0, 0, 1);
  }

  @Test
  void someAreTakenEvenlyFromAll() {
    RowSource some = new Numbers(10).spread(4);

    assertThat(numbers(some)).containsExactly(0, 2, 5, 7);
    assertThat(some.name()).isEqualTo("numbers, spread evenly");
  }

  @Test
  void fewerThanThatAreAllTaken() {
    RowSource all = new Numbers(3).spread(4);

    assertThat(numbers(all)).containsExactly(0, 1, 2);
    assertThat(all.name()).isEqualTo("numbers");
    assertThatThrownBy(() -> new Numbers(3).spread(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("most (0) must be at least 1");
  }

  private static List<Integer> numbers(RowSource source) {
    int[] into = new int[1];
    return LongStream.range(0, source.size())
        .mapToObj(
            i -> {
              source.row(i, into);
              return into[0];
            })
        .toList();
  }

  /** Example i is i. */
  private record Numbers(long size) implements RowSource {
    @Override
    public Vocabulary vocabulary() {
      return new Vocabulary(256);
    }

    @Override
    public int length() {
      return 1;
    }

    @Override
    public void row(long index, int[] into) {
      into[0] = (int) index;
    }

    @Override
    public String name() {
      return "numbers";
    }

    @Override
    public String sha256() {
      return "0".repeat(64);
    }
  }
}
