package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.ExactElbo;
import org.md4j.toy.FixedDenoiser;
import org.md4j.toy.ToyDenoiser;

/** Expected bounds against the golden vectors. */
@Tag("slow")
class ElboExpectationTest {
  private static final double EPSILON = 1e-4;
  private static final Map<String, MaskingSchedule> SCHEDULES =
      Map.of(
          "linear", MaskingSchedule.linear(),
          "cosine", MaskingSchedule.cosine(),
          "poly2", MaskingSchedule.polynomial(2),
          "poly0.5", MaskingSchedule.polynomial(0.5));

  /** {@code elbo/example_A}, {@code elbo/example_B}. */
  @ParameterizedTest
  @ValueSource(strings = {"elbo/example_A", "elbo/example_B"})
  void continuousTimeMatchesTheGoldenExample(String id) {
    Example example = Example.of(id);
    JsonNode expected = GoldenVectors.expected(id);

    expected
        .get("continuous_eps0")
        .fields()
        .forEachRemaining(
            entry ->
                assertThat(example.diffusion(new ContinuousTimeElbo(SCHEDULES.get(entry.getKey()))))
                    .as("%s, %s", id, entry.getKey())
                    .isCloseTo(entry.getValue().doubleValue(), within(Tolerance.QUADRATURE)));
    expected
        .get("continuous_eps1e_4")
        .fields()
        .forEachRemaining(
            entry -> {
              MaskingSchedule clipped = SCHEDULES.get(entry.getKey()).clipped(EPSILON);
              double value = entry.getValue().doubleValue();
              assertThat(example.diffusion(new ContinuousTimeElbo(clipped)))
                  .as("%s, %s, clipped", id, entry.getKey())
                  .isCloseTo(value, within(Tolerance.QUADRATURE));
              assertThat(example.diffusion(new LogSnrElbo(clipped)))
                  .as("%s, %s, clipped, log-SNR", id, entry.getKey())
                  .isCloseTo(value, within(Tolerance.QUADRATURE));
            });
  }

  /** {@code elbo/example_A}, {@code elbo/example_B}. */
  @ParameterizedTest
  @ValueSource(strings = {"elbo/example_A", "elbo/example_B"})
  void maskCountMatchesTheGoldenAverageOverOrders(String id) {
    Example example = Example.of(id);
    JsonNode expected = GoldenVectors.expected(id);

    double diffusion = example.diffusion(new MaskCountElbo(MaskingSchedule.linear()));

    assertThat(diffusion)
        .isCloseTo(expected.get("mask_count_form").doubleValue(), within(Tolerance.QUADRATURE))
        .isCloseTo(expected.get("any_order_nll").doubleValue(), within(Tolerance.QUADRATURE));
    assertThat(new ElboTerms(diffusion, 0, 0).bitsPerToken(example.clean.length))
        .isCloseTo(
            expected.get("bits_per_token_continuous").doubleValue(), within(Tolerance.QUADRATURE));
  }

  /** {@code elbo/example_A}, {@code elbo/example_B}. */
  @ParameterizedTest
  @ValueSource(strings = {"elbo/example_A", "elbo/example_B"})
  void discreteTimeMatchesTheGoldenExample(String id) {
    Example example = Example.of(id);

    for (String epsilon : new String[] {"eps0", "eps1e_4"}) {
      GoldenVectors.expected(id)
          .get("discrete_" + epsilon)
          .fields()
          .forEachRemaining(
              schedule ->
                  schedule
                      .getValue()
                      .fields()
                      .forEachRemaining(
                          entry -> {
                            MaskingSchedule base = SCHEDULES.get(schedule.getKey());
                            Elbo elbo =
                                new DiscreteTimeElbo(
                                    epsilon.equals("eps0") ? base : base.clipped(EPSILON),
                                    Integer.parseInt(entry.getKey()));
                            double value = entry.getValue().doubleValue();
                            assertThat(example.diffusion(elbo))
                                .as("%s, %s", id, elbo)
                                .isCloseTo(value, within(Tolerance.QUADRATURE));
                          }));
    }
  }

  /** {@code elbo/example_A}, {@code elbo/example_B}. */
  @ParameterizedTest
  @ValueSource(strings = {"elbo/example_A", "elbo/example_B"})
  void reconstructionMatchesTheGoldenExample(String id) {
    Example example = Example.of(id);
    double expected = GoldenVectors.expected(id).get("recon_nats_eps1e_4").doubleValue();
    MaskingSchedule schedule = MaskingSchedule.reference();

    for (Elbo elbo :
        new Elbo[] {
          new ContinuousTimeElbo(schedule),
          new DiscreteTimeElbo(schedule, 7),
          new LogSnrElbo(schedule)
        }) {
      assertThat(elbo.reconstruction(example.clean.length, example.vocabulary))
          .as("%s", elbo)
          .isCloseTo(expected, within(Tolerance.EXACT_DOUBLE));
    }
  }

  /** {@code elbo/snr_invariance}. */
  @Test
  void predictorThatSeesOnlyAlphaHasTheGoldenBoundForEverySchedule() {
    Example example = Example.of("elbo/snr_invariance");

    GoldenVectors.expected("elbo/snr_invariance")
        .fields()
        .forEachRemaining(
            entry -> {
              MaskingSchedule schedule = SCHEDULES.get(entry.getKey());
              ToyDenoiser denoiser =
                  new ToyDenoiser(example.vocabulary, t -> 0.7 * schedule.alpha(t));
              for (Elbo elbo :
                  new Elbo[] {new ContinuousTimeElbo(schedule), new MaskCountElbo(schedule)}) {
                assertThat(ExactElbo.diffusion(elbo, denoiser, example.vocabulary, example.clean))
                    .as("%s", elbo)
                    .isCloseTo(entry.getValue().doubleValue(), within(Tolerance.QUADRATURE));
              }
            });
  }

  /** {@code elbo/iid_predictor}. */
  @Test
  void fixedPredictionHasTheGoldenBound() {
    String id = "elbo/iid_predictor";
    JsonNode inputs = GoldenVectors.inputs(id);
    JsonNode expected = GoldenVectors.expected(id);
    Vocabulary vocabulary = new Vocabulary(inputs.get("V").intValue());
    int[] clean = ints(inputs.get("x0"));
    FixedDenoiser denoiser = FixedDenoiser.of(doubles(inputs.get("p")));

    for (MaskingSchedule base : SCHEDULES.values()) {
      double unclipped =
          ExactElbo.diffusion(new ContinuousTimeElbo(base), denoiser, vocabulary, clean);
      GoldenVectors.assertMatches(
          id, "diffusion_eps0 of " + base, unclipped, expected.get("diffusion_eps0"));
      GoldenVectors.assertMatches(id, "nll of " + base, unclipped, expected.get("nll_nats"));

      MaskingSchedule schedule = base.clipped(EPSILON);
      for (Elbo elbo :
          new Elbo[] {
            new ContinuousTimeElbo(schedule),
            new LogSnrElbo(schedule),
            new DiscreteTimeElbo(schedule, 1),
            new DiscreteTimeElbo(schedule, 5)
          }) {
        ElboTerms terms =
            new ElboTerms(
                ExactElbo.diffusion(elbo, denoiser, vocabulary, clean),
                elbo.reconstruction(clean.length, vocabulary),
                0);
        GoldenVectors.assertMatches(
            id, "diffusion of " + elbo, terms.diffusion(), expected.get("diffusion_eps1e_4"));
        GoldenVectors.assertMatches(
            id, "recon of " + elbo, terms.reconstruction(), expected.get("recon_eps1e_4"));
        GoldenVectors.assertMatches(
            id, "total of " + elbo, terms.total(), expected.get("total_eps1e_4"));
        GoldenVectors.assertMatches(
            id,
            "bits of " + elbo,
            terms.bitsPerToken(clean.length),
            expected.get("total_bits_per_token"));
      }
    }
  }

  /** {@code elbo/exact_conditionals_pair}. */
  @Test
  void exactConditionalsHaveTheGoldenBounds() {
    String id = "elbo/exact_conditionals_pair";
    Vocabulary vocabulary = new Vocabulary(2);
    double[] joint = doubles(GoldenVectors.inputs(id).get("P"));
    ExactDenoiser denoiser = new ExactDenoiser(vocabulary, 2, joint);
    MaskingSchedule linear = MaskingSchedule.linear();
    Map<String, Elbo> elbos =
        Map.of(
            "exact_nll", new ContinuousTimeElbo(linear),
            "continuous", new ContinuousTimeElbo(linear),
            "T1", new DiscreteTimeElbo(linear, 1),
            "T2", new DiscreteTimeElbo(linear, 2),
            "T10", new DiscreteTimeElbo(linear, 10),
            "T100", new DiscreteTimeElbo(linear, 100),
            "T10_cosine", new DiscreteTimeElbo(MaskingSchedule.cosine(), 10));

    elbos.forEach(
        (name, elbo) -> {
          double average = 0;
          for (JsonNode row : GoldenVectors.expected(id).get("rows")) {
            int[] clean = ints(row.get("x"));
            double diffusion = ExactElbo.diffusion(elbo, denoiser, vocabulary, clean);
            GoldenVectors.assertMatches(id, name + " of " + row.get("x"), diffusion, row.get(name));
            average += joint[2 * clean[0] + clean[1]] * diffusion;
          }
          GoldenVectors.assertMatches(
              id,
              "average " + name,
              average,
              GoldenVectors.expected(id).get("data_average").get(name));
        });
  }

  /** {@code init/loss_bits_per_token}: a zero-initialised head predicts uniformly. */
  @ParameterizedTest
  @ValueSource(ints = {27, 256, 50257})
  void uniformPredictionCostsTheGoldenBitsPerToken(int size) {
    Vocabulary vocabulary = new Vocabulary(size);
    Elbo elbo = new ContinuousTimeElbo(MaskingSchedule.reference());
    JsonNode expected =
        GoldenVectors.expected("init/loss_bits_per_token").get(String.valueOf(size));

    double diffusion = ExactElbo.diffusion(elbo, FixedDenoiser.uniform(size), vocabulary, size / 2);
    ElboTerms terms =
        new ElboTerms(diffusion, elbo.reconstruction(1, vocabulary), elbo.prior(1, vocabulary));

    GoldenVectors.assertMatches(
        "init/loss_bits_per_token",
        "loss without the prior term, as the reference code has it",
        new ElboTerms(terms.diffusion(), terms.reconstruction(), 0).bitsPerToken(1),
        expected);
    assertThat(terms.total())
        .as("with it nothing is lost to the clipping")
        .isCloseTo(Math.log(size), within(Tolerance.QUADRATURE));
  }

  private static final class Example {
    private final Vocabulary vocabulary;
    private final int[] clean;

    private Example(Vocabulary vocabulary, int[] clean) {
      this.vocabulary = vocabulary;
      this.clean = clean;
    }

    static Example of(String id) {
      JsonNode inputs = GoldenVectors.inputs(id);
      return new Example(new Vocabulary(inputs.get("V").intValue()), ints(inputs.get("x0")));
    }

    double diffusion(Elbo elbo) {
      return ExactElbo.diffusion(elbo, new ToyDenoiser(vocabulary), vocabulary, clean);
    }
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }

  /** Numbers of an array or of an array of rows. */
  private static double[] doubles(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(
        item -> {
          if (item.isArray()) {
            item.forEach(number -> numbers.add(number.doubleValue()));
          } else {
            numbers.add(item.doubleValue());
          }
        });
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
