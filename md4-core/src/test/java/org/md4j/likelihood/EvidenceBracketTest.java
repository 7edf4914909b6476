package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.objective.MaskCountElbo;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.FirstHittingSampler;
import org.md4j.sampling.SamplingRequest;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.ExactElbo;
import org.md4j.toy.Sequences;

class EvidenceBracketTest {
  private static final MaskingSchedule SCHEDULE = MaskingSchedule.reference();

  static List<SmallModel> models() {
    return SmallModel.all();
  }

  /** Not estimated: the expectation over all pairs of orders, of every row. */
  @ParameterizedTest
  @MethodSource("models")
  void bracketHoldsInExpectationForEveryRow(SmallModel model) {
    double[][] nats = natsInAllOrders(model);
    double total = 0;
    for (int i = 0; i < nats.length; i++) {
      double exact = -Math.log(meanProbability(nats[i]));
      total += Math.exp(-exact);

      assertThat(expectation(nats[i], RowBracket::lower))
          .isLessThanOrEqualTo(exact + Tolerance.EXACT_DOUBLE);
      assertThat(expectation(nats[i], RowBracket::upper))
          .isGreaterThanOrEqualTo(exact - Tolerance.EXACT_DOUBLE)
          .isCloseTo(Arrays.stream(nats[i]).average().orElseThrow(), within(Tolerance.QUADRATURE));
      assertThat(expectation(nats[i], RowBracket::middle))
          .isGreaterThanOrEqualTo(exact - Tolerance.EXACT_DOUBLE)
          .isLessThanOrEqualTo(expectation(nats[i], RowBracket::upper) + Tolerance.EXACT_DOUBLE);
    }
    assertThat(total).as("p is a probability").isCloseTo(1, within(Tolerance.EXACT_DOUBLE));
  }

  /** The tangent touches: the bound is that much below as ln y is below y - 1. */
  @Test
  void lowerBoundIsTheTangent() {
    // psi = 1/2, phat = 1/8.
    RowBracket bracket = RowBracket.of(new double[] {Math.log(2), Math.log(8)});

    assertThat(bracket.lower()).isCloseTo(Math.log(2) - 0.25 + 1, within(Tolerance.EXACT_DOUBLE));
    assertThat(bracket.middle())
        .isCloseTo(-Math.log((0.5 + 0.125) / 2), within(Tolerance.EXACT_DOUBLE));
    assertThat(bracket.upper()).isCloseTo(2 * Math.log(2), within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void halvesAreMeansOfProbabilities() {
    // psi = (1/2 + 1/4)/2 = 3/8, phat = (1/8 + 1/16)/2 = 3/32.
    RowBracket bracket =
        RowBracket.of(new double[] {Math.log(2), Math.log(4), Math.log(8), Math.log(16)});

    assertThat(bracket.lower())
        .isCloseTo(-Math.log(3.0 / 8) - 0.25 + 1, within(Tolerance.EXACT_DOUBLE));
    assertThat(bracket.middle()).isCloseTo(-Math.log(15.0 / 64), within(Tolerance.EXACT_DOUBLE));
  }

  /** Rows of thousands of nats: probabilities underflow, their logarithms do not. */
  @Test
  void longRowsDoNotUnderflow() {
    assertThat(RowBracket.of(new double[] {5000, 5000}))
        .isEqualTo(new RowBracket(5000, 5000, 5000));
    assertThat(RowBracket.of(new double[] {9000, 5000}).lower())
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void upperBoundIsTheEvidenceBoundOfANetworkWithoutTime() {
    SmallModel model = SmallModel.timeFree(3, 3);
    double[][] nats = natsInAllOrders(model);

    for (int i = 0; i < nats.length; i++) {
      double elbo =
          ExactElbo.diffusion(
              new MaskCountElbo(MaskingSchedule.linear()),
              model.denoiser(),
              model.vocabulary(),
              Sequences.at(i, 3, 3));
      assertThat(expectation(nats[i], RowBracket::upper))
          .isCloseTo(elbo, within(Tolerance.QUADRATURE));
    }
  }

  @Test
  void boundsMeetForExactConditionals() {
    SmallModel model = SmallModel.exact(3, 3);
    double[] joint = ((ExactDenoiser) model.denoiser()).joint();
    double exact = Arrays.stream(joint).map(p -> -Math.log(p)).average().orElseThrow() / 3;

    EvidenceBracket bracket = bracket(model, 4);

    for (SampleMean bound : List.of(bracket.lower(), bracket.middle(), bracket.upper())) {
      assertThat(bound.mean()).isCloseTo(exact / Nats.PER_BIT, within(Tolerance.EXACT_DOUBLE));
      assertThat(bound.size()).isEqualTo(27);
    }
  }

  @Test
  void numbersAreThoseOfTheDrawnOrders() {
    SmallModel model = SmallModel.toldTime(2, 4);
    ChainRule chainRule = new ChainRule(model.denoiser(), SCHEDULE);
    TokenBatch rows = model.everyRow();
    double[] first = chainRule.inDrawnOrders(Rows.of(rows), new CounterRandom(3), 0).nats();
    double[] second = chainRule.inDrawnOrders(Rows.of(rows), new CounterRandom(3), 1).nats();
    double[] lower = new double[16];
    Arrays.setAll(lower, i -> RowBracket.of(new double[] {first[i], second[i]}).lower() / 4);

    EvidenceBracket bracket = bracket(model, 2);

    assertThat(bracket.lower()).isEqualTo(SampleMean.of(lower).inBits());
    assertThat(bracket.upper().mean())
        .isCloseTo(
            (Arrays.stream(first).sum() + Arrays.stream(second).sum())
                / (2 * 16 * 4 * Nats.PER_BIT),
            within(Tolerance.EXACT_DOUBLE));
    assertThat(bracket.lower().mean()).isLessThan(bracket.middle().mean());
    assertThat(bracket.middle().mean()).isLessThan(bracket.upper().mean());
    assertThat(bracket.evaluations()).isEqualTo(2 * 16 * 4);
    assertThat(bracket.orders()).isEqualTo(2);
    assertThat(bracket.length()).isEqualTo(4);
    assertThat(bracket.seed()).isEqualTo(3);
  }

  /** The mixture over orders is what first-hitting sampling draws from. */
  @Test
  void mixtureOverOrdersIsTheLawOfFirstHittingSampling() {
    SmallModel model = SmallModel.timeFree(2, 3);
    int draws = 20_000;

    TokenBatch drawn =
        new FirstHittingSampler(Decoding.of(SCHEDULE))
            .sample(
                model.denoiser(),
                SamplingRequest.of(
                    TokenBatch.allMasked(model.vocabulary(), draws, 3), new CounterRandom(6)))
            .tokens();

    long[] counts = new long[8];
    for (int b = 0; b < draws; b++) {
      counts[Sequences.index(drawn.row(b), 2)]++;
    }
    double[] expected =
        Arrays.stream(natsInAllOrders(model))
            .mapToDouble(nats -> draws * meanProbability(nats))
            .toArray();
    assertThat(new ChiSquareTest().chiSquareTest(expected, counts))
        .isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
  }

  @Test
  void oddNumbersOfOrdersAreRefused() {
    for (int orders : new int[] {0, 1, 3}) {
      assertThatThrownBy(() -> bracket(SmallModel.timeFree(2, 3), orders))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("orders (" + orders + ") must be even and at least 2");
    }
  }

  private static EvidenceBracket bracket(SmallModel model, int orders) {
    return EvidenceBracket.of(
        new ChainRule(model.denoiser(), SCHEDULE),
        Rows.of(model.everyRow()),
        orders,
        new CounterRandom(3));
  }

  /** -ln p of every row in every order, [V^N][N!]. */
  private static double[][] natsInAllOrders(SmallModel model) {
    List<int[]> orders = Orders.all(model.length());
    TokenBatch rows = model.everyRow();
    double[][] nats = new double[rows.rows()][orders.size()];
    for (int k = 0; k < orders.size(); k++) {
      double[] inOrder =
          new ChainRule(model.denoiser(), SCHEDULE).inOrder(Rows.of(rows), orders.get(k)).nats();
      for (int i = 0; i < nats.length; i++) {
        nats[i][k] = inOrder[i];
      }
    }
    return nats;
  }

  private static double meanProbability(double[] nats) {
    return Arrays.stream(nats).map(n -> Math.exp(-n)).average().orElseThrow();
  }

  /** The mean over all pairs of orders, K = 2. */
  private static double expectation(double[] nats, ToDoubleFunction<RowBracket> bound) {
    double sum = 0;
    for (double first : nats) {
      for (double second : nats) {
        sum += bound.applyAsDouble(RowBracket.of(new double[] {first, second}));
      }
    }
    return sum / (nats.length * nats.length);
  }
}
