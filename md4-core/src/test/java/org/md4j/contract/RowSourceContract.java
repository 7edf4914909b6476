package org.md4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;

/**
 * What every {@link RowSource} promises. A source of your own is held to it by
 *
 * <pre>
 *   class MyRowsTest extends RowSourceContract {
 *     &#64;Override
 *     protected RowSource source() {
 *       return new MyRows(...);
 *     }
 *   }
 * </pre>
 *
 * <p>At most {@value #MOST} rows are read, spread evenly over the source. A source that is {@link
 * AutoCloseable} is closed after each test.
 */
public abstract class RowSourceContract {
  private static final int MOST = 48;
  private static final int THREADS = 4;

  /** Opens the source under test: each call a new object with the same rows. */
  protected abstract RowSource source();

  @Test
  protected final void shapeAndIdentityAreStated() throws Exception {
    using(
        source -> {
          assertThat(source.length()).as("length").isPositive();
          assertThat(source.size()).as("size").isPositive();
          assertThat(source.classes()).as("classes").isNotNegative();
          assertThat(source.name()).as("name").isNotBlank();
          assertThat(source.sha256()).as("sha256").matches("[0-9a-f]{64}");
          using(
              again -> {
                assertThat(again.sha256()).isEqualTo(source.sha256());
                assertThat(again.tokenizer()).isEqualTo(source.tokenizer());
              });
        });
  }

  @Test
  protected final void everyRowIsFilledWithCleanTokens() throws Exception {
    using(
        source -> {
          for (long index : indices(source)) {
            int[] row = new int[source.length()];
            Arrays.fill(row, -1);
            source.row(index, row);
            for (int token : row) {
              assertThat(token)
                  .as("a token of row %d", index)
                  .isBetween(0, source.vocabulary().size() - 1);
            }
          }
        });
  }

  @Test
  protected final void everyLabelIsOneOfTheClasses() throws Exception {
    using(
        source -> {
          if (source.classes() == 0) {
            assertThatThrownBy(() -> source.label(0)).isInstanceOf(IllegalStateException.class);
          } else {
            for (long index : indices(source)) {
              assertThat(source.label(index))
                  .as("label of row %d", index)
                  .isBetween(0, source.classes() - 1);
            }
          }
        });
  }

  @Test
  protected final void aRowIsTheSameWheneverItIsAskedFor() throws Exception {
    using(
        source -> {
          long[] forwards = indices(source);
          List<String> rows = read(source, forwards);
          List<String> backwards = read(source, reversed(forwards));
          for (int i = 0; i < forwards.length; i++) {
            assertThat(backwards.get(forwards.length - 1 - i)).isEqualTo(rows.get(i));
          }
          assertThat(read(source, forwards)).isEqualTo(rows);
        });
  }

  @Test
  protected final void threadsAreGivenTheSameRows() throws Exception {
    using(
        source -> {
          long[] indices = indices(source);
          List<String> alone = read(source, indices);
          ExecutorService threads = Executors.newFixedThreadPool(THREADS);
          try {
            List<Future<List<String>>> answers = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
              answers.add(threads.submit(() -> read(source, indices)));
            }
            for (Future<List<String>> answer : answers) {
              assertThat(answer.get()).isEqualTo(alone);
            }
          } finally {
            threads.shutdownNow();
          }
        });
  }

  @Test
  protected final void someRowsTogetherAreThoseOneByOne() throws Exception {
    using(
        source -> {
          long[] indices =
              LongStream.concat(LongStream.of(0), Arrays.stream(reversed(indices(source))))
                  .toArray();

          Rows rows = source.rows(indices);

          assertThat(rows.vocabulary()).isEqualTo(source.vocabulary());
          assertThat(rows.count()).isEqualTo(indices.length);
          assertThat(rows.length()).isEqualTo(source.length());
          assertThat(rows.firstExample()).isZero();
          assertThat(rows.hasLabels()).isEqualTo(source.classes() > 0);
          int[] row = new int[source.length()];
          for (int b = 0; b < indices.length; b++) {
            source.row(indices[b], row);
            assertThat(rows.tokens().row(b)).as("row %d", indices[b]).isEqualTo(row);
            if (rows.hasLabels()) {
              assertThat(rows.labels()[b]).isEqualTo(source.label(indices[b]));
            }
          }
        });
  }

  @Test
  protected final void aHintOfWhatIsNextChangesNothing() throws Exception {
    using(
        hinted ->
            using(
                plain -> {
                  long[] indices = indices(plain);
                  List<String> rows = read(plain, indices);

                  hinted.prefetch(reversed(indices));
                  hinted.prefetch(indices);
                  hinted.prefetch();

                  assertThat(read(hinted, indices)).isEqualTo(rows);
                  assertThat(read(hinted, indices)).isEqualTo(rows);
                }));
  }

  @Test
  protected final void aResumedSourceGivesWhatTheUnbrokenOneWouldHave() throws Exception {
    using(
        unbroken ->
            using(
                resumed -> {
                  long[] indices = indices(unbroken);
                  int half = indices.length / 2;
                  long[] rest = Arrays.copyOfRange(indices, half, indices.length);

                  unbroken.prefetch(indices);
                  List<String> whole = read(unbroken, indices);
                  resumed.prefetch(rest);

                  assertThat(resumed.size()).isEqualTo(unbroken.size());
                  assertThat(read(resumed, rest)).isEqualTo(whole.subList(half, indices.length));
                }));
  }

  @Test
  protected final void wrongIndicesAndArraysAreRefused() throws Exception {
    using(
        source -> {
          int[] row = new int[source.length()];
          for (long index : new long[] {-1, source.size()}) {
            assertThatThrownBy(() -> source.row(index, row))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("" + index);
            assertThatThrownBy(() -> source.rows(0, index))
                .isInstanceOf(IndexOutOfBoundsException.class);
          }
          for (int length : new int[] {source.length() - 1, source.length() + 1}) {
            assertThatThrownBy(() -> source.row(0, new int[length]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("" + length);
          }
        });
  }

  @Test
  protected final void aViewWithoutLabelsHasTheSameTokens() throws Exception {
    using(
        source -> {
          RowSource view = source.withoutLabels();
          long[] indices = indices(source);

          assertThat(view.classes()).isZero();
          assertThat(view.sha256()).isEqualTo(source.sha256());
          assertThat(view.rows(indices).hasLabels()).isFalse();
          assertThat(view.rows(indices).tokens()).isEqualTo(source.rows(indices).tokens());
        });
  }

  /** Numbers of rows spread evenly, the first and the last among them. */
  private static long[] indices(RowSource source) {
    int count = (int) Math.min(MOST, source.size());
    return LongStream.range(0, count)
        .map(i -> count == 1 ? 0 : i * (source.size() - 1) / (count - 1))
        .toArray();
  }

  private static long[] reversed(long[] values) {
    return LongStream.range(0, values.length)
        .map(i -> values[values.length - 1 - (int) i])
        .toArray();
  }

  /** The rows with their labels, as text that compares. */
  private static List<String> read(RowSource source, long[] indices) {
    List<String> rows = new ArrayList<>(indices.length);
    for (long index : indices) {
      int[] row = new int[source.length()];
      source.row(index, row);
      rows.add(Arrays.toString(row) + (source.classes() > 0 ? source.label(index) : ""));
    }
    return rows;
  }

  /** What is done with an open source. */
  private interface Use {
    void with(RowSource source) throws Exception;
  }

  private void using(Use use) throws Exception {
    RowSource source = source();
    try {
      use.with(source);
    } finally {
      if (source instanceof AutoCloseable closeable) {
        closeable.close();
      }
    }
  }
}
