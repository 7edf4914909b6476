package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Permutation;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.Objective;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.FixedDenoiser;
import org.md4j.toy.ToyDenoiser;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LikelihoodEstimatorTest {
  private static final Vocabulary BINARY = new Vocabulary(2);
  private static final MaskingSchedule SCHEDULE = MaskingSchedule.linear().clipped(0.01);
  private static final int ROW_LENGTH = 12;

  @ParameterizedTest
  @MethodSource("org.md4j.likelihood.LikelihoodCoverageTest#protocols")
  void precisionIsReachedWithoutMuchMoreThanItTakes(LikelihoodProtocol protocol) {
    EndlessText text = EndlessText.skewed(BINARY, 3);
    LikelihoodEstimator estimator =
        new LikelihoodEstimator(new ToyDenoiser(BINARY), text, protocol, new CounterRandom(3))
            .withRowsPerCall(1024);

    LikelihoodEstimate estimate = estimator.untilPrecision(0.02 / Nats.PER_BIT, 1_000_000);

    assertThat(estimate.reachedPrecision(0.02 / Nats.PER_BIT)).isTrue();
    assertThat(estimate.standardErrorNats()).isLessThanOrEqualTo(0.02);
    assertThat(estimate).isEqualTo(estimator.estimate(estimate.evaluations()));
    if (estimate.groups() > 400) {
      long before = estimate.evaluations() * 17 / 20;
      assertThat(estimator.estimate(before).standardErrorNats()).isGreaterThan(0.02);
    }
  }

  @Test
  void limitStopsWhereItSays() {
    LikelihoodProtocol protocol = LikelihoodProtocol.maskCount(MaskingSchedule.linear(), 3);
    LikelihoodEstimator estimator =
        new LikelihoodEstimator(
            new ToyDenoiser(BINARY), EndlessText.skewed(BINARY, 3), protocol, new CounterRandom(3));

    LikelihoodEstimate estimate = estimator.untilPrecision(1e-6 / Nats.PER_BIT, 500);

    assertThat(estimate.reachedPrecision(1e-6 / Nats.PER_BIT)).isFalse();
    assertThat(estimate.evaluations()).isEqualTo(498);
    assertThat(estimate).isEqualTo(estimator.estimate(500));
  }

  @ParameterizedTest
  @MethodSource("org.md4j.likelihood.LikelihoodCoverageTest#protocols")
  void rowsPerCallChangeNothing(LikelihoodProtocol protocol) {
    RowSource text = distinctRows(70);
    Denoiser denoiser = new ToyDenoiser(text.vocabulary(), t -> 2 * Math.sin(3 * t));
    LikelihoodEstimator estimator =
        new LikelihoodEstimator(denoiser, text, protocol, new CounterRandom(4));
    LikelihoodEstimate expected = estimator.estimate(600);

    for (int rowsPerCall : new int[] {1, 7, 1000}) {
      LikelihoodEstimate estimate = estimator.withRowsPerCall(rowsPerCall).estimate(600);

      assertThat(estimate.natsPerToken())
          .isCloseTo(expected.natsPerToken(), within(Tolerance.EXACT_DOUBLE));
      assertThat(estimate.standardErrorNats())
          .isCloseTo(expected.standardErrorNats(), within(Tolerance.EXACT_DOUBLE));
      assertThat(estimate.evaluations()).isEqualTo(expected.evaluations());
    }
  }

  @Test
  void levelsAreSpreadOverTheGroupAndOverEachRow() {
    RowSource text = distinctRows(40);
    Recorder recorder = new Recorder(FixedDenoiser.uniform(text.vocabulary().size()));
    LikelihoodProtocol protocol =
        new LikelihoodProtocol(new ContinuousTimeElbo(MaskingSchedule.linear()), 5, 4);

    new LikelihoodEstimator(recorder, text, protocol, new CounterRandom(2)).estimate(40);

    assertThat(recorder.times).hasSize(40);
    for (int group = 0; group < 2; group++) {
      List<Double> times = recorder.times.subList(20 * group, 20 * group + 20);
      assertEvenlySpread(times, 20);
      for (int row = 0; row < 5; row++) {
        assertEvenlySpread(times.subList(4 * row, 4 * row + 4), 4);
      }
    }
  }

  private static void assertEvenlySpread(List<Double> times, int count) {
    double[] sorted = times.stream().mapToDouble(t -> t).sorted().toArray();
    for (int i = 1; i < count; i++) {
      assertThat(sorted[i] - sorted[i - 1]).isCloseTo(1.0 / count, within(Tolerance.EXACT_DOUBLE));
    }
    assertThat(sorted[0]).isLessThan(1.0 / count);
  }

  @Test
  void aPassSeesEveryRowOnceAndTheNextTheSameGroupsWithOtherNoise() {
    RecordedRows text = new RecordedRows(distinctRows(23), new ArrayList<>());
    Recorder recorder = new Recorder(FixedDenoiser.uniform(text.vocabulary().size()));
    LikelihoodProtocol protocol =
        new LikelihoodProtocol(new MaskCountElbo(MaskingSchedule.linear()), 4, 1);

    LikelihoodEstimate estimate =
        new LikelihoodEstimator(recorder, text, protocol, new CounterRandom(2)).estimate(46);

    assertThat(estimate.rows()).isEqualTo(23);
    assertThat(estimate.groups()).isEqualTo(6);
    assertThat(estimate.evaluations()).isEqualTo(46);
    List<Long> first = text.read.subList(0, 23);
    assertThat(first).doesNotHaveDuplicates().isNotEqualTo(first.stream().sorted().toList());
    assertThat(text.read.subList(23, 46)).isEqualTo(first);
    assertThat(recorder.times.subList(23, 46))
        .doesNotContainAnyElementsOf(recorder.times.subList(0, 23));
  }

  /** One token a row: k is always 1, and the estimate has no noise but that of the rows. */
  @Test
  void errorIsThatOfTheMeanOverRowsWhateverTheNumberOfPasses() {
    double[] probabilities = {0.1, 0.2, 0.3, 0.25, 0.15};
    RowSource text =
        RowSource.of(
            "rows",
            Rows.of(
                TokenBatch.of(
                    new Vocabulary(5),
                    new int[] {0},
                    new int[] {1},
                    new int[] {2},
                    new int[] {3},
                    new int[] {4})));
    Denoiser denoiser = FixedDenoiser.of(probabilities);
    double[] nats = Arrays.stream(probabilities).map(p -> -Math.log(p)).toArray();
    double error = Math.sqrt(StatUtils.variance(nats) / 5);

    for (int evaluations : new int[] {5, 10, 12}) {
      LikelihoodEstimate estimate =
          new LikelihoodEstimator(
                  denoiser,
                  text,
                  LikelihoodProtocol.maskCount(MaskingSchedule.linear(), 1),
                  new CounterRandom(2))
              .estimate(evaluations);

      assertThat(estimate.natsPerToken())
          .isCloseTo(StatUtils.mean(nats), within(Tolerance.EXACT_DOUBLE));
      assertThat(estimate.standardErrorNats()).isCloseTo(error, within(Tolerance.EXACT_DOUBLE));
      assertThat(estimate.groups()).isEqualTo(5);
    }
  }

  /** Of five rows, two together, the last is a group of its own, of half the weight. */
  @Test
  void smallerLastGroupCountsForItsRows() {
    double[] probabilities = {0.1, 0.2, 0.3, 0.25, 0.15};
    RowSource text =
        RowSource.of(
            "rows",
            Rows.of(
                TokenBatch.of(
                    new Vocabulary(5),
                    new int[] {0},
                    new int[] {1},
                    new int[] {2},
                    new int[] {3},
                    new int[] {4})));
    Recorder recorder = new Recorder(FixedDenoiser.of(probabilities));
    LikelihoodProtocol protocol =
        new LikelihoodProtocol(new MaskCountElbo(MaskingSchedule.linear()), 2, 1);
    LikelihoodEstimate estimate =
        new LikelihoodEstimator(recorder, text, protocol, new CounterRandom(2))
            .withRowsPerCall(1)
            .estimate(5);
    double mean = Arrays.stream(probabilities).map(p -> -Math.log(p)).sum() / 5;
    Permutation order = new Permutation(5, new CounterRandom(2).uniforms(Purpose.ROW_ORDER, 0));
    double sum = 0;
    for (int[] group : new int[][] {{0, 1}, {2, 3}, {4}}) {
      double deviation =
          Arrays.stream(group)
              .mapToDouble(place -> -Math.log(probabilities[(int) order.at(place)]) - mean)
              .sum();
      sum += deviation * deviation / 25;
    }

    assertThat(estimate.natsPerToken()).isCloseTo(mean, within(Tolerance.EXACT_DOUBLE));
    assertThat(estimate.standardErrorNats())
        .isCloseTo(Math.sqrt(sum * 3 / 2), within(Tolerance.EXACT_DOUBLE));
    assertThat(estimate.groups()).isEqualTo(3);
  }

  /** What differs between groups then is the rows alone, whatever masks they were given. */
  @Test
  void groupMeansAreOfTheSameRowsWhateverTheObjective() {
    Denoiser denoiser = FixedDenoiser.uniform(distinctRows(23).vocabulary().size());
    List<List<Long>> read = new ArrayList<>();
    List<Integer> groups = new ArrayList<>();
    for (Objective objective :
        List.of(
            new MaskCountElbo(MaskingSchedule.linear()),
            new ContinuousTimeElbo(SCHEDULE),
            new AutoregressiveLikelihood())) {
      RecordedRows recorded = new RecordedRows(distinctRows(23), new ArrayList<>());
      groups.add(
          new LikelihoodEstimator(
                  denoiser, recorded, new LikelihoodProtocol(objective, 4, 1), new CounterRandom(2))
              .groupMeans(20)
              .length);
      read.add(recorded.read);
    }

    assertThat(groups).containsOnly(5);
    assertThat(read.get(0)).hasSize(20);
    assertThat(read).containsOnly(read.get(0));
  }

  @Test
  void estimateIsTheMeanOfGroupMeans() {
    EndlessText text = EndlessText.skewed(BINARY, 3);
    LikelihoodEstimator estimator =
        new LikelihoodEstimator(
            new ToyDenoiser(BINARY),
            text,
            new LikelihoodProtocol(new ContinuousTimeElbo(SCHEDULE), 4, 3),
            new CounterRandom(3));
    LikelihoodEstimate estimate = estimator.estimate(240);

    SampleMean mean = SampleMean.of(estimator.groupMeans(240));

    assertThat(mean.size()).isEqualTo(20);
    assertThat(mean.mean()).isCloseTo(estimate.bitsPerToken(), within(Tolerance.EXACT_DOUBLE));
    assertThat(mean.standardError())
        .isCloseTo(estimate.standardError(), within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void furtherPassesTakeAwayTheNoiseAlone() {
    int[][] same = new int[64][];
    Arrays.fill(same, new int[] {0, 1, 1});
    RowSource text = RowSource.of("rows", Rows.of(TokenBatch.of(BINARY, same)));
    LikelihoodEstimator estimator =
        new LikelihoodEstimator(
            new ToyDenoiser(BINARY),
            text,
            LikelihoodProtocol.maskCount(MaskingSchedule.linear(), 1),
            new CounterRandom(6));

    double onePass = estimator.estimate(64).standardErrorNats();
    double sixteenPasses = estimator.estimate(16 * 64).standardErrorNats();

    assertThat(sixteenPasses).isCloseTo(onePass / 4, within(onePass / 12));
  }

  @Test
  void wrongBudgetsAreRefused() {
    LikelihoodEstimator estimator =
        new LikelihoodEstimator(
            new ToyDenoiser(BINARY),
            EndlessText.skewed(BINARY, 3),
            LikelihoodProtocol.paper(SCHEDULE),
            new CounterRandom(1));

    assertThatThrownBy(() -> estimator.estimate(63))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("evaluations (63) must pay for at least two groups, 64");
    assertThatThrownBy(() -> estimator.untilPrecision(0, 1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("standardError (0.0) must be positive");
    assertThatThrownBy(() -> estimator.withRowsPerCall(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rowsPerCall (0)");
    assertThatThrownBy(
            () ->
                new LikelihoodEstimator(
                    new ToyDenoiser(BINARY),
                    distinctRows(32),
                    LikelihoodProtocol.paper(SCHEDULE),
                    new CounterRandom(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows (32) must fill at least two groups of rowsTogether (32)");
  }

  @Test
  void divergedNetworkIsReportedNotAveraged() {
    Denoiser diverged =
        input -> Nd4j.valueArrayOf(new long[] {input.positions().length, 2}, Double.NaN);
    LikelihoodEstimator estimator =
        new LikelihoodEstimator(
            diverged,
            EndlessText.skewed(BINARY, 3),
            LikelihoodProtocol.maskCount(SCHEDULE, 1),
            new CounterRandom(1));

    assertThatThrownBy(() -> estimator.estimate(10))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be finite; has training diverged");
  }

  /** Rows long enough to have masks almost surely, each of its own number alone. */
  private static RowSource distinctRows(int rows) {
    int[][] tokens = new int[rows][ROW_LENGTH];
    for (int i = 0; i < rows; i++) {
      Arrays.fill(tokens[i], i);
    }
    return RowSource.of("rows", Rows.of(TokenBatch.of(new Vocabulary(rows), tokens)));
  }

  /** Writes down which rows are read. */
  private record RecordedRows(RowSource text, List<Long> read) implements RowSource {
    @Override
    public Vocabulary vocabulary() {
      return text.vocabulary();
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public long size() {
      return text.size();
    }

    @Override
    public void row(long index, int[] into) {
      read.add(index);
      text.row(index, into);
    }

    @Override
    public String name() {
      return text.name();
    }

    @Override
    public String sha256() {
      return text.sha256();
    }
  }

  /** Writes down the times it is told. */
  private static final class Recorder implements Denoiser {
    private final Denoiser denoiser;
    private final List<Double> times = new ArrayList<>();

    Recorder(Denoiser denoiser) {
      this.denoiser = denoiser;
    }

    @Override
    public INDArray logits(DenoiserInput input) {
      Arrays.stream(input.times()).forEach(times::add);
      return denoiser.logits(input);
    }
  }
}
