package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.Tolerance;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.toy.GradientRecorder;
import org.md4j.toy.ToyDenoiser;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** GenMD4's loss against the golden values, which have no factor (1 - t1) and no prior term. */
class StateDependentGoldenTest {
  private static final Uniforms NO_DROPOUT =
      (example, index) -> {
        throw new AssertionError("no dropout is to be drawn");
      };

  @ParameterizedTest
  @EnumSource(
      value = MaskSamples.class,
      names = {"PAIR", "PAIR_IN_TURN"})
  void oneLeaveOneOutEstimateIsTheGoldenOne(MaskSamples samples) {
    String id = "genmd4/rloo_sample";
    JsonNode inputs = GoldenVectors.inputs(id);
    JsonNode expected = GoldenVectors.expected(id);
    LearnedPolynomialSchedule schedule = schedule(inputs);
    StateDependentElbo elbo = StateDependentElbo.of(schedule).withMaskSamples(samples);
    double width = 1 - elbo.firstTime();
    double level = (inputs.get("t").doubleValue() - elbo.firstTime()) / width;
    JsonNode[] masks = {inputs.get("mask1"), inputs.get("mask2")};
    int[] clean = ints(inputs.get("x0"));
    StateDependentLoss loss = elbo.trainingLoss(new LogitWorkspace());

    loss.add(
        new GradientRecorder(new ToyDenoiser(schedule.vocabulary())),
        new TrainingRows(
            Rows.of(TokenBatch.of(schedule.vocabulary(), clean)),
            new double[] {level},
            (example, n) -> masks[(int) example].get((int) n).intValue() == 1 ? 0.9999999 : 0,
            NO_DROPOUT),
        1);

    double constants = constants(schedule, clean);
    double bound = (expected.get("L1").doubleValue() + expected.get("L2").doubleValue()) / 2;
    assertThat((loss.nats() - constants) / width)
        .isCloseTo(bound, within(Tolerance.QUADRATURE * bound));
    GoldenVectors.assertMatches(
        id, "surrogate", (loss.surrogate() - constants) / width, expected.get("surrogate"));
    JsonNode reconstruction = GoldenVectors.expected("genmd4/two_token_exact").get("grad_recon");
    double[] raw = schedule.parameters();
    for (int v = 0; v < raw.length; v++) {
      double byPower = loss.parameterGradient()[v] * (1 + Math.exp(-raw[v]));
      GoldenVectors.assertMatches(
          id,
          "gradient of power " + v,
          (byPower - reconstruction.get(v).doubleValue()) / width,
          expected.get("grad_w_surrogate").get(v));
    }
  }

  @Test
  void aWholeBatchIsTheGoldenOne() {
    String id = "pipeline/genmd4_batch";
    JsonNode inputs = GoldenVectors.inputs(id);
    JsonNode expected = GoldenVectors.expected(id);
    JsonNode rows = expected.get("rows");
    LearnedPolynomialSchedule schedule = schedule(inputs);
    StateDependentElbo elbo = StateDependentElbo.of(schedule);
    double width = 1 - elbo.firstTime();
    double offset = inputs.get("t0").doubleValue();
    int[][] clean = new int[rows.size()][];
    Arrays.setAll(clean, b -> ints(rows.get(b).get("x0")));
    StateDependentLoss loss = elbo.trainingLoss(new LogitWorkspace());
    GradientRecorder network = new GradientRecorder(new ToyDenoiser(schedule.vocabulary()));

    loss.add(
        network,
        new TrainingRows(
            Rows.of(TokenBatch.of(schedule.vocabulary(), clean)),
            new double[] {offset, offset + 0.5},
            (example, n) ->
                rows.get((int) example / 2)
                    .get(example % 2 == 0 ? "u1" : "u2")
                    .get((int) n)
                    .doubleValue(),
            NO_DROPOUT),
        1);

    double prior = 2 * schedule.epsilon() * Math.log(3);
    double reconstruction = expected.get("loss_recon").doubleValue();
    double mean = loss.nats() / rows.size() - prior;
    GoldenVectors.assertMatches(
        id, "diffusion", (mean - reconstruction) / width, expected.get("loss_diff"));
    GoldenVectors.assertMatches(
        id, "bound", (mean - reconstruction) / width + reconstruction, expected.get("loss_nelbo"));
    GoldenVectors.assertMatches(
        id,
        "surrogate",
        (loss.surrogate() / rows.size() - prior - reconstruction) / width + reconstruction,
        expected.get("surrogate_loss"));
    for (int row = 0; row < rows.size(); row++) {
      for (int sample = 0; sample < 2; sample++) {
        JsonNode masked = rows.get(row).get(sample == 0 ? "masked1" : "masked2");
        for (int n = 0; n < masked.size(); n++) {
          assertThat(network.questions().get(0).tokens().isMasked((2 * row + sample) * 2 + n))
              .isEqualTo(masked.get(n).intValue() == 1);
        }
      }
    }
  }

  /** {@code grad/logits_one_masked_token}, the GenMD4 part. */
  @Test
  void costAndGradientOfOneTokenAreTheGoldenOnes() {
    String id = "grad/logits_one_masked_token";
    JsonNode inputs = GoldenVectors.inputs(id);
    JsonNode expected = GoldenVectors.expected(id);
    double[] logits = doubles(inputs.get("logits"));
    double t = inputs.get("t").doubleValue();
    int[] target = {inputs.get("x0").intValue()};
    double[][] rates = {Arrays.stream(doubles(inputs.get("w"))).map(w -> w / t).toArray()};
    StateDependentCost cost = new StateDependentCost(new LogitWorkspace());
    INDArray gradient = Nd4j.createFromArray(new double[][] {logits});

    double nats =
        cost.natsInPlace(gradient.dup(), target, new StateDependentCost.Rates(rates, new int[1]))[
            0];
    double again =
        cost.natsAndGradientInPlace(
                gradient,
                target,
                new StateDependentCost.Rates(rates, new int[1]),
                new double[] {1},
                new double[1][logits.length])[0];

    assertThat(again).isEqualTo(nats);
    GoldenVectors.assertMatches(id, "loss", nats, expected.get("gen_loss"));
    for (int v = 0; v < logits.length; v++) {
      GoldenVectors.assertMatches(
          id, "gradient", gradient.getDouble(0, v), expected.get("gen_grad").get(v));
    }
  }

  private static double constants(LearnedPolynomialSchedule schedule, int... clean) {
    StateDependentEndTerms ends =
        new StateDependentEndTerms(schedule, StateDependentElbo.REFERENCE_FIRST_TIME);
    return ends.reconstruction(clean) + ends.prior(clean);
  }

  private static LearnedPolynomialSchedule schedule(JsonNode inputs) {
    return LearnedPolynomialSchedule.ofPowers(
            new Vocabulary(inputs.get("V").intValue()), doubles(inputs.get("w")))
        .withEpsilon(inputs.get("eps").doubleValue());
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    Arrays.setAll(values, i -> array.get(i).doubleValue());
    return values;
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    Arrays.setAll(values, i -> array.get(i).intValue());
    return values;
  }
}
