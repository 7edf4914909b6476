package org.md4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.md4j.sampling.LogitFilter;

/** What every {@link LogitFilter} promises: extend this class and hand it filters of your own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class LogitFilterContract {
  private static final double OUT = Double.NEGATIVE_INFINITY;

  /** More than V entries: what is beyond the row must not be read or changed. */
  private static final double[] BEYOND = {Double.NaN, 1e300, OUT};

  private static final int CASES = 200;

  /** The filters under test. */
  protected abstract Stream<LogitFilter> filters();

  /** V, the size of the rows the filters are handed; one that only knows some size overrides it. */
  protected int[] sizes() {
    return new int[] {1, 2, 3, 9, 40};
  }

  @ParameterizedTest
  @MethodSource("filters")
  protected final void atLeastOneTokenStaysAndNoLogitIsLostOtherwise(LogitFilter filter) {
    cases()
        .forEach(
            logits -> {
              double[] after = filtered(filter, logits);

              assertThat(Arrays.stream(after).anyMatch(logit -> logit > OUT)).isTrue();
              assertThat(Arrays.stream(after).allMatch(logit -> logit < Double.MAX_VALUE)).isTrue();
            });
  }

  @ParameterizedTest
  @MethodSource("filters")
  protected final void tokensThatCannotBeStayOut(LogitFilter filter) {
    cases()
        .filter(logits -> logits.length > 1)
        .forEach(
            logits -> {
              logits[logits.length / 2] = OUT;

              assertThat(filtered(filter, logits)[logits.length / 2]).isEqualTo(OUT);
            });
  }

  @ParameterizedTest
  @MethodSource("filters")
  protected final void onlyTheRowIsLookedAtAndChanged(LogitFilter filter) {
    cases()
        .forEach(
            logits -> {
              int size = logits.length;
              double[] longer = Arrays.copyOf(logits, size + BEYOND.length);
              System.arraycopy(BEYOND, 0, longer, size, BEYOND.length);
              filter.apply(longer, size);

              assertThat(Arrays.copyOf(longer, size)).containsExactly(filtered(filter, logits));
              assertThat(Arrays.copyOfRange(longer, size, longer.length)).containsExactly(BEYOND);
            });
  }

  @ParameterizedTest
  @MethodSource("filters")
  protected final void theSameLogitsAreFilteredAlikeWhateverCameBefore(LogitFilter filter) {
    double[][] logits = cases().toArray(double[][]::new);
    double[][] forwards = new double[CASES][];
    double[][] backwards = new double[CASES][];
    for (int i = 0; i < CASES; i++) {
      forwards[i] = filtered(filter, logits[i]);
    }
    for (int i = CASES - 1; i >= 0; i--) {
      backwards[i] = filtered(filter, logits[i]);
    }

    assertThat(backwards).isDeepEqualTo(forwards);
  }

  /** Rows of logits in (-30, 30). */
  private Stream<double[]> cases() {
    Uniforms uniforms = new CounterRandom(7).uniforms(Purpose.DATA, 0);
    return IntStream.range(0, CASES)
        .mapToObj(
            i ->
                IntStream.range(0, sizes()[i % sizes().length])
                    .mapToDouble(v -> 60 * (uniforms.at(i, v) - 0.5))
                    .toArray());
  }

  private static double[] filtered(LogitFilter filter, double... logits) {
    double[] after = logits.clone();
    filter.apply(after, after.length);
    return after;
  }
}
