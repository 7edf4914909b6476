package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.objective.MaskCountElbo;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.ExactElbo;

class ChainRuleTest {
  private static final MaskingSchedule COSINE = MaskingSchedule.cosine().clipped(1e-3);

  static List<SmallModel> models() {
    return SmallModel.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void probabilitiesOfAllRowsSumToOneInAnyOrder(SmallModel model) {
    ChainRule chainRule = new ChainRule(model.denoiser(), COSINE);

    for (int[] order : Orders.all(model.length())) {
      double[] nats = chainRule.inOrder(Rows.of(model.everyRow()), order).nats();

      assertThat(Arrays.stream(nats).map(n -> Math.exp(-n)).sum())
          .as("%s", Arrays.toString(order))
          .isCloseTo(1, within(Tolerance.EXACT_DOUBLE));
    }
  }

  @Test
  void exactConditionalsGiveTheTableInEveryOrder() {
    SmallModel model = SmallModel.exact(3, 3);
    double[] joint = ((ExactDenoiser) model.denoiser()).joint();

    for (int[] order : Orders.all(3)) {
      double[] nats =
          new ChainRule(model.denoiser(), COSINE).inOrder(Rows.of(model.everyRow()), order).nats();

      for (int i = 0; i < joint.length; i++) {
        assertThat(Math.exp(-nats[i])).isCloseTo(joint[i], within(Tolerance.EXACT_DOUBLE));
      }
    }
  }

  @Test
  void meanOverAllOrdersIsTheBoundOfANetworkWithoutTime() {
    SmallModel model = SmallModel.timeFree(3, 4);
    int[] row = {2, 0, 1, 1};
    double sum = 0;
    List<int[]> orders = Orders.all(4);
    for (int[] order : orders) {
      sum +=
          new ChainRule(model.denoiser(), COSINE)
              .inOrder(Rows.of(batch(model, row)), order)
              .nats()[0];
    }

    assertThat(sum / orders.size())
        .isCloseTo(
            ExactElbo.diffusion(
                new MaskCountElbo(MaskingSchedule.linear()),
                model.denoiser(),
                model.vocabulary(),
                row),
            within(Tolerance.QUADRATURE));
  }

  @Test
  void tokensAreRevealedInTheGivenOrderAtTheMatchingTimes() {
    SmallModel model = SmallModel.timeFree(3, 4);
    List<String> states = new ArrayList<>();
    List<Double> times = new ArrayList<>();
    Denoiser recording =
        input -> {
          for (int b = 0; b < input.tokens().rows(); b++) {
            states.add(Arrays.toString(input.tokens().row(b)) + input.positions()[b] % 4);
            times.add(input.times()[b]);
          }
          return model.denoiser().logits(input);
        };

    RowLikelihoods likelihoods =
        new ChainRule(recording, COSINE).inOrder(Rows.of(batch(model, 2, 0, 1, 1)), 3, 0, 2, 1);

    assertThat(states)
        .containsExactly("[3, 3, 3, 3]3", "[3, 3, 3, 1]0", "[2, 3, 3, 1]2", "[2, 3, 1, 1]1");
    assertThat(likelihoods.evaluations()).isEqualTo(4);
    assertThat(times.get(0)).as("clamped to the schedule's range").isEqualTo(1);
    for (int k = 1; k < 4; k++) {
      assertThat(COSINE.alpha(times.get(k))).isCloseTo(k / 4.0, within(Tolerance.EXACT_DOUBLE));
    }
  }

  @Test
  void drawnOrdersAreUniform() {
    SmallModel model = SmallModel.timeFree(3, 3);
    ChainRule chainRule = new ChainRule(model.denoiser(), COSINE, 1024);
    int[] row = {2, 0, 1};
    List<int[]> orders = Orders.all(3);
    double[] costs =
        orders.stream()
            .mapToDouble(order -> chainRule.inOrder(Rows.of(batch(model, row)), order).nats()[0])
            .toArray();
    int rows = 6_000;
    int[][] same = new int[rows][];
    Arrays.fill(same, row);

    double[] nats =
        chainRule
            .inDrawnOrders(
                Rows.of(TokenBatch.of(model.vocabulary(), same)), new CounterRandom(1), 0)
            .nats();

    long[] counts = new long[6];
    for (double cost : nats) {
      for (int i = 0; i < 6; i++) {
        counts[i] += Math.abs(cost - costs[i]) < Tolerance.EXACT_DOUBLE ? 1 : 0;
      }
    }
    assertThat(Arrays.stream(counts).sum()).as("orders have different costs").isEqualTo(rows);
    double[] expected = new double[6];
    Arrays.fill(expected, rows / 6.0);
    assertThat(new ChiSquareTest().chiSquareTest(expected, counts))
        .isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
  }

  @Test
  void drawnOrdersDependOnRowDrawAndSeedAlone() {
    SmallModel model = SmallModel.toldTime(3, 3);
    ChainRule chainRule = new ChainRule(model.denoiser(), COSINE);
    CounterRandom random = new CounterRandom(4);
    TokenBatch rows = model.everyRow();
    double[] whole = chainRule.inDrawnOrders(Rows.of(rows).withFirstExample(10), random, 0).nats();

    double[] part =
        new ChainRule(model.denoiser(), COSINE, 2)
            .inDrawnOrders(Rows.of(rows.rows(5, 9)).withFirstExample(15), random, 0)
            .nats();

    for (int i = 0; i < part.length; i++) {
      assertThat(part[i]).isCloseTo(whole[5 + i], within(Tolerance.EXACT_DOUBLE));
    }
    assertThat(chainRule.inDrawnOrders(Rows.of(rows).withFirstExample(10), random, 1).nats())
        .isNotEqualTo(whole);
    assertThat(
            chainRule
                .inDrawnOrders(Rows.of(rows).withFirstExample(10), new CounterRandom(5), 0)
                .nats())
        .isNotEqualTo(whole);
  }

  @Test
  void meanOverRowsHasItsError() {
    RowLikelihoods likelihoods = new RowLikelihoods(new double[] {2, 4, 9}, 2, 6);

    assertThat(likelihoods.bitsPerToken().mean())
        .isCloseTo(2.5 / Nats.PER_BIT, within(Tolerance.EXACT_DOUBLE));
    assertThat(likelihoods.bitsPerToken().standardError())
        .as("sd of 1, 2, 4.5 nats over the root of 3")
        .isCloseTo(Math.sqrt(3.25 / 3) / Nats.PER_BIT, within(Tolerance.EXACT_DOUBLE));
    assertThat(likelihoods.bitsPerToken().size()).isEqualTo(3);
  }

  @Test
  void wrongArgumentsAreRefused() {
    SmallModel model = SmallModel.timeFree(2, 3);
    ChainRule chainRule = new ChainRule(model.denoiser(), COSINE);

    assertThatThrownBy(() -> chainRule.inOrder(Rows.of(batch(model, 0, 1, 1)), 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("order ([0, 1, 1]) must hold each position 0..2 once");
    assertThatThrownBy(() -> chainRule.inOrder(Rows.of(batch(model, 0, 2, 1)), 0, 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("clean must not hold masks, got one at row 0, position 1");
    assertThatThrownBy(() -> chainRule.inOrders(Rows.of(batch(model, 0, 1, 1)), new int[2][3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("B = 1, got B = 2");
    assertThatThrownBy(() -> new ChainRule(model.denoiser(), COSINE, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rowsPerCall (0)");
  }

  private static TokenBatch batch(SmallModel model, int... row) {
    return TokenBatch.of(model.vocabulary(), row);
  }
}
