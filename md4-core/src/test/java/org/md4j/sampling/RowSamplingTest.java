package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.FixedDenoiser;
import org.md4j.toy.LabelledDenoiser;
import org.md4j.toy.ToyDenoiser;

class RowSamplingTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final ToyDenoiser TOY = new ToyDenoiser(VOCABULARY, t -> 2 * t);
  private static final ReverseSampler SAMPLER =
      EventDrivenSampler.ancestral(Decoding.of(MaskingSchedule.linear()), TimeGrid.cosine(4));

  /** Rows of three lengths, some with tokens given, not in the order of their lengths. */
  private static final List<int[]> STARTS =
      List.of(
          new int[] {3, 3, 3, 3, 3},
          new int[] {3, 1, 3},
          new int[] {0, 3, 3, 3, 2},
          new int[] {3, 3, 3, 3},
          new int[] {3, 3, 3, 3, 3});

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100})
  void rowsDoNotDependOnHowManyAreDrawnTogether(int rows) {
    RowSampling sampling = new RowSampling(SAMPLER, VOCABULARY, STARTS, 7);
    RowObserver some =
        new RowObserver() {
          @Override
          public int rowsTogether(int length) {
            return rows;
          }
        };

    DrawnRows drawn = sampling.draw(TOY, some, SamplingListener.none());

    assertThat(drawn.decoded(Arrays::toString))
        .isEqualTo(sampling.draw(TOY).decoded(Arrays::toString))
        .doesNotHaveDuplicates();
  }

  @Test
  void rowsComeInTheOrderTheyWereAskedForAndNumberedByLength() {
    List<DrawnRow> told = new ArrayList<>();
    RowObserver observer =
        new RowObserver() {
          @Override
          public void onRow(DrawnRow row) {
            told.add(row);
          }
        };

    List<DrawnRow> rows =
        new RowSampling(SAMPLER, VOCABULARY, STARTS, 7)
            .draw(TOY, observer, SamplingListener.none())
            .rows();

    assertThat(rows).extracting(DrawnRow::example).containsExactly(2L, 0L, 3L, 1L, 4L);
    assertThat(told).isEqualTo(rows);
    for (int row = 0; row < rows.size(); row++) {
      assertThat(rows.get(row).start()).isEqualTo(STARTS.get(row));
      assertThat(rows.get(row).tokens()).hasSameSizeAs(STARTS.get(row)).doesNotContain(3);
    }
    assertThat(rows.get(1).tokens()[1]).isEqualTo(1);
  }

  @Test
  void bothListenersAreToldOfEveryEventOfEveryCall() {
    SamplingTrace listened = new SamplingTrace();
    SamplingTrace watched = new SamplingTrace();
    List<TokenBatch> starts = new ArrayList<>();
    RowObserver observer =
        new RowObserver() {
          @Override
          public SamplingListener watch(TokenBatch start) {
            starts.add(start);
            return watched;
          }
        };

    DrawnRows drawn = new RowSampling(SAMPLER, VOCABULARY, STARTS, 7).draw(TOY, observer, listened);

    assertThat(starts).extracting(TokenBatch::length).containsExactly(3, 4, 5);
    assertThat(watched.reveals()).isEqualTo(listened.reveals()).hasSize(5 + 2 + 3 + 4 + 5);
    assertThat(drawn.cost().tokens()).isEqualTo(19);
    for (DrawnRow row : drawn.rows()) {
      assertThat(listened.reveals().stream().filter(reveal -> reveal.example() == row.example()))
          .allSatisfy(
              reveal -> assertThat(row.tokens()[reveal.position()]).isEqualTo(reveal.token()));
    }
  }

  @Test
  void rowsTakeTheirLabelsAlong() {
    LabelledDenoiser sure =
        LabelledDenoiser.of(FixedDenoiser.of(1, 1e-12, 1e-12), FixedDenoiser.of(1e-12, 1e-12, 1));

    List<int[]> drawn =
        new RowSampling(SAMPLER, VOCABULARY, STARTS, List.of(1, 0, 0, 1, 0), 7)
            .draw(sure)
            .decoded(tokens -> tokens);

    assertThat(drawn.get(0)).containsOnly(2);
    assertThat(drawn.get(1)).containsExactly(0, 1, 0);
    assertThat(drawn.get(2)).containsExactly(0, 0, 0, 0, 2);
    assertThat(drawn.get(3)).containsOnly(2);
    assertThat(drawn.get(4)).containsOnly(0);
  }

  @Test
  void masksStandForRowsFromNothing() {
    assertThat(RowSampling.masks(VOCABULARY, 2, 3))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).containsExactly(3, 3, 3));
  }

  @Test
  void saysWhatCannotBeDrawn() {
    assertThatThrownBy(() -> new RowSampling(SAMPLER, VOCABULARY, STARTS, List.of(1, 0), 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels must be empty or one a start (5), got 2");
    RowObserver none =
        new RowObserver() {
          @Override
          public int rowsTogether(int length) {
            return 0;
          }
        };
    assertThatThrownBy(
            () ->
                new RowSampling(SAMPLER, VOCABULARY, STARTS, 7)
                    .draw(TOY, none, SamplingListener.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rowsTogether (0) must be at least 1 for rows of length 3");
  }
}
