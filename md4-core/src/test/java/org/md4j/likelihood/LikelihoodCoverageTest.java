package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Vocabulary;
import org.md4j.objective.DiscreteTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.objective.LogSnrElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.ToyDenoiser;

/** Whether estimates are right on average, and their intervals as often as they say. */
@Tag("slow")
class LikelihoodCoverageTest {
  private static final int REPETITIONS = 1_000;
  private static final int LEAST_GROUPS = 64;

  /** Rows it takes until a mean of weights up to 98 is normal enough. */
  private static final int HEAVY_TAILS = 1024;

  private static final Vocabulary BINARY = new Vocabulary(2);
  private static final Vocabulary TERNARY = new Vocabulary(3);

  /**
   * Clipped so that a weight is at most 98: with the reference's 9998 the tails are so heavy that
   * no affordable number of groups would make the mean normal.
   */
  private static final MaskingSchedule SCHEDULE = MaskingSchedule.linear().clipped(0.01);

  static List<LikelihoodProtocol> protocols() {
    List<LikelihoodProtocol> protocols = new ArrayList<>();
    for (LikelihoodProtocol candidate : ProtocolChooser.candidates(SCHEDULE)) {
      // What ExactElbo integrates over, the schedule's range, must be all of [0, 1] here.
      protocols.add(
          candidate.objective() instanceof MaskCountElbo
              ? new LikelihoodProtocol(
                  new MaskCountElbo(MaskingSchedule.linear()),
                  candidate.rowsTogether(),
                  candidate.drawsPerRow())
              : candidate);
    }
    protocols.add(new LikelihoodProtocol(new LogSnrElbo(SCHEDULE), 4, 2));
    protocols.add(new LikelihoodProtocol(new DiscreteTimeElbo(SCHEDULE, 6), 2, 3));
    return protocols;
  }

  static Stream<Arguments> models() {
    return protocols().stream()
        .flatMap(
            protocol ->
                Stream.of(
                    Arguments.of(
                        protocol, EndlessText.skewed(BINARY, 3), "time-free", timeFree(BINARY)),
                    Arguments.of(
                        protocol, EndlessText.skewed(TERNARY, 2), "told time", toldTime(TERNARY)),
                    Arguments.of(
                        protocol,
                        EndlessText.skewed(BINARY, 4),
                        "exact",
                        ExactDenoiser.random(BINARY, 4, 11))));
  }

  private static Denoiser timeFree(Vocabulary vocabulary) {
    return new ToyDenoiser(vocabulary);
  }

  private static Denoiser toldTime(Vocabulary vocabulary) {
    return new ToyDenoiser(vocabulary, t -> 2 * Math.sin(3 * t));
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyProtocolIsUnbiased(
      LikelihoodProtocol protocol, EndlessText text, String name, Denoiser denoiser) {
    LikelihoodEstimate estimate =
        new LikelihoodEstimator(denoiser, text, protocol, new CounterRandom(1))
            .withRowsPerCall(1024)
            .estimate(8_192);

    assertThat(estimate.natsPerToken())
        .as("%s", name)
        .isCloseTo(
            text.exact((Elbo) protocol.objective(), denoiser),
            within(Tolerance.SIGMAS * estimate.standardErrorNats()));
    assertThat(estimate.standardErrorNats()).as("the test can tell").isLessThan(0.04);
  }

  /** Seeds 0..999, whatever they give; 64 groups or more. */
  @ParameterizedTest
  @MethodSource("protocols")
  void intervalsHoldTheExactBoundAsOftenAsTheySay(LikelihoodProtocol protocol) {
    EndlessText text = EndlessText.skewed(BINARY, 3);
    Denoiser denoiser = new TableDenoiser(timeFree(BINARY), BINARY, 3);
    double exact = text.exact((Elbo) protocol.objective(), denoiser);
    int budget = Math.max(HEAVY_TAILS, LEAST_GROUPS * protocol.evaluationsPerGroup());
    if (protocol.objective() instanceof MaskCountElbo) {
      budget = LEAST_GROUPS * protocol.evaluationsPerGroup();
    }
    int held = 0;
    for (int seed = 0; seed < REPETITIONS; seed++) {
      LikelihoodEstimate estimate =
          new LikelihoodEstimator(denoiser, text, protocol, new CounterRandom(seed))
              .withRowsPerCall(1024)
              .estimate(budget);
      held += estimate.confidenceInterval(0.95).contains(exact / Nats.PER_BIT) ? 1 : 0;
    }

    assertThat(held).isBetween(930, 970);
  }

  /** Stopping when the error is small enough must not make the interval too short. */
  @Test
  void intervalsHoldTheExactBoundAfterStoppingAtAPrecision() {
    EndlessText text = EndlessText.skewed(BINARY, 3);
    Denoiser denoiser = new TableDenoiser(timeFree(BINARY), BINARY, 3);
    LikelihoodProtocol protocol = LikelihoodProtocol.maskCount(MaskingSchedule.linear(), 2);
    double exact = text.exact((Elbo) protocol.objective(), denoiser);
    int held = 0;
    int reached = 0;
    for (int seed = 0; seed < REPETITIONS; seed++) {
      LikelihoodEstimate estimate =
          new LikelihoodEstimator(denoiser, text, protocol, new CounterRandom(seed))
              .withRowsPerCall(1024)
              .untilPrecision(0.03 / Nats.PER_BIT, 100_000);
      held += estimate.confidenceInterval(0.95).contains(exact / Nats.PER_BIT) ? 1 : 0;
      reached += estimate.reachedPrecision(0.03 / Nats.PER_BIT) ? 1 : 0;
    }

    assertThat(reached).isEqualTo(REPETITIONS);
    assertThat(held).isBetween(930, 970);
  }
}
