package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.Denoiser;
import org.md4j.core.HostDenoiser;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.LabelledDenoiser;
import org.md4j.toy.SamplerLaws;
import org.md4j.toy.ToyDenoiser;

/** Draws of every sampler against its law, enumerated in {@link SamplerLaws}. */
@Tag("slow")
class SamplerLawTest {
  private static final Vocabulary BINARY = new Vocabulary(2);
  private static final Vocabulary TERNARY = new Vocabulary(3);
  private static final HostDenoiser TIMED = new ToyDenoiser(TERNARY, t -> 4 * t);

  /** A network, and a row from scratch and one with given tokens to start from. */
  private record Toy(String name, Denoiser denoiser, Vocabulary vocabulary, int[]... starts) {}

  private static final List<Toy> TOYS =
      List.of(
          new Toy(
              "exact conditionals",
              ExactDenoiser.random(BINARY, 4, 5),
              BINARY,
              new int[] {2, 2, 2, 2},
              new int[] {2, 1, 2, 2}),
          new Toy(
              "inexact",
              new ToyDenoiser(TERNARY),
              TERNARY,
              new int[] {3, 3, 3},
              new int[] {3, 3, 0, 3}),
          new Toy("inexact in time", TIMED, TERNARY, new int[] {3, 3, 3}, new int[] {1, 3, 3, 2}));

  /** A grid, and a schedule to go with it: with masks left over, with few, without any. */
  private record Course(TimeGrid grid, MaskingSchedule schedule) {}

  private static final List<Course> COURSES =
      List.of(
          new Course(TimeGrid.uniform(3), MaskingSchedule.cosine().clipped(0.05)),
          new Course(TimeGrid.cosine(4), MaskingSchedule.linear()),
          new Course(
              TimeGrid.of(1, 0.9, 0.5, 0.42, 0.1, 0),
              MaskingSchedule.polynomial(2).clipped(0.001)));

  /** A sampler and its law, both on a course. */
  private record Subject(String name, Making making, Law law) {
    interface Making {
      ReverseSampler of(Decoding decoding, TimeGrid grid);
    }

    interface Law {
      double[] of(SamplerLaws laws, TimeGrid grid, int... start);
    }
  }

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject("event-driven", EventDrivenSampler::ancestral, SamplerLaws::ancestral),
          new Subject(
              "stepwise",
              (decoding, grid) -> new StepwiseSampler(decoding, UnmaskingRule.ANCESTRAL, grid),
              SamplerLaws::ancestral),
          new Subject(
              "by margin",
              (decoding, grid) -> new OrderedSampler(decoding, RevealOrder.MARGIN, grid),
              (laws, grid, start) -> laws.ordered(grid, sure(RevealOrder.MARGIN), start)),
          new Subject(
              "dilated",
              (decoding, grid) -> new FixedOrderSampler(decoding, PositionOrder.dilated(), grid),
              SamplerLaws::dilated),
          new Subject(
              "remasking",
              (decoding, grid) -> new RemaskingSampler(decoding, 0.7, grid),
              (laws, grid, start) -> laws.remasking(grid, 0.7, start)),
          new Subject(
              "corrector",
              (decoding, grid) -> new PredictorCorrectorSampler(decoding, grid, 2, 0.15),
              (laws, grid, start) -> laws.corrected(grid, 2, 0.15, start)));

  static Stream<Arguments> combinations() {
    return SUBJECTS.stream()
        .flatMap(
            subject ->
                TOYS.stream()
                    .flatMap(
                        toy ->
                            COURSES.stream()
                                .flatMap(
                                    course ->
                                        Stream.of(toy.starts)
                                            .map(
                                                start ->
                                                    Arguments.of(subject, toy, course, start)))));
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void drawsFollowTheEnumeratedLaw(Subject subject, Toy toy, Course course, int[] start) {
    SamplerLaws laws = new SamplerLaws(toy.denoiser, course.schedule, toy.vocabulary);
    double[] law = subject.law.of(laws, course.grid, start);

    new SampledLaw(
            subject.making.of(Decoding.of(course.schedule), course.grid),
            toy.denoiser,
            toy.vocabulary)
        .assertFollows(law, start);
  }

  static Stream<Arguments> rules() {
    return Stream.of(UnmaskingRule.values())
        .flatMap(rule -> IntStream.of(1, 3, 16, 64).mapToObj(steps -> Arguments.of(rule, steps)));
  }

  /** Both samplers, by every rule; the cosine schedule is one for which the rules differ. */
  @ParameterizedTest
  @MethodSource("rules")
  void theLawIsThatOfTheRuleWhateverTheStepsAre(UnmaskingRule rule, int steps) {
    MaskingSchedule schedule = MaskingSchedule.cosine().clipped(0.01);
    TimeGrid grid = TimeGrid.uniform(steps);
    double[] law =
        new SamplerLaws(TIMED, schedule, TERNARY).stepwise(grid, formula(rule, schedule), 3, 3);

    for (ReverseSampler sampler :
        List.of(
            new EventDrivenSampler(Decoding.of(schedule), rule, grid),
            new StepwiseSampler(Decoding.of(schedule), rule, grid))) {
      new SampledLaw(sampler, TIMED, TERNARY).assertFollows(law, 3, 3);
    }
  }

  private static DoubleBinaryOperator formula(UnmaskingRule rule, MaskingSchedule schedule) {
    return switch (rule) {
      case ANCESTRAL -> (s, t) -> (schedule.alpha(s) - schedule.alpha(t)) / (1 - schedule.alpha(t));
      case EULER ->
          (s, t) -> Math.min(1, (t - s) * -schedule.alphaPrime(t) / (1 - schedule.alpha(t)));
      case TAU_LEAPING ->
          (s, t) -> 1 - Math.exp((t - s) * schedule.alphaPrime(t) / (1 - schedule.alpha(t)));
    };
  }

  static Stream<Toy> timeFree() {
    return TOYS.stream().filter(toy -> !toy.denoiser.equals(TIMED));
  }

  @ParameterizedTest
  @MethodSource("timeFree")
  void firstHittingRevealsInAnOrderDrawnEvenly(Toy toy) {
    MaskingSchedule schedule = MaskingSchedule.cosine();
    for (int[] start : toy.starts) {
      new SampledLaw(new FirstHittingSampler(Decoding.of(schedule)), toy.denoiser, toy.vocabulary)
          .assertFollows(
              new SamplerLaws(toy.denoiser, schedule, toy.vocabulary).anyOrder(start), start);
    }
  }

  /** The error of the limit's law halves with the steps and is far below what draws resolve. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 0.1})
  void firstHittingIsTheLimitOfManySteps(double epsilon) {
    MaskingSchedule schedule = MaskingSchedule.polynomial(2).clipped(epsilon);
    SamplerLaws laws = new SamplerLaws(TIMED, schedule, TERNARY);
    for (int[] start : new int[][] {{3, 3, 3}, {3, 1, 3}}) {
      double[] coarse = laws.ancestral(TimeGrid.uniform(500), start);
      double[] fine = laws.ancestral(TimeGrid.uniform(1000), start);
      double[] finest = laws.ancestral(TimeGrid.uniform(2000), start);

      assertThat(distance(fine, finest)).isLessThan(5e-4);
      assertThat(distance(fine, finest) / distance(coarse, fine)).isBetween(0.45, 0.55);
      new SampledLaw(new FirstHittingSampler(Decoding.of(schedule)), TIMED, TERNARY)
          .assertFollows(finest, start);
    }
  }

  @ParameterizedTest
  @EnumSource(RevealOrder.class)
  void everyOrderRevealsTheSurestFirst(RevealOrder order) {
    MaskingSchedule schedule = MaskingSchedule.linear();
    TimeGrid grid = TimeGrid.of(1, 0.7, 0.4, 0);
    Denoiser toy = new ToyDenoiser(TERNARY, t -> t);
    double[] law = new SamplerLaws(toy, schedule, TERNARY).ordered(grid, sure(order), 3, 3, 3, 3);

    new SampledLaw(new OrderedSampler(Decoding.of(schedule), order, grid), toy, TERNARY)
        .assertFollows(law, 3, 3, 3, 3);
  }

  /** Of 2 x 2 pixels the sequence visits 2, 1, 0, 3; of three in a column 1, 0, 2. */
  @Test
  void fixedOrdersAreKept() {
    MaskingSchedule schedule = MaskingSchedule.cosine().clipped(0.05);
    SamplerLaws laws = new SamplerLaws(TIMED, schedule, TERNARY);
    for (TimeGrid grid : List.of(TimeGrid.uniform(2), TimeGrid.cosine(3), TimeGrid.uniform(9))) {
      for (int[] start : new int[][] {{3, 3, 3, 3}, {3, 1, 3, 3}}) {
        new SampledLaw(
                new FixedOrderSampler(Decoding.of(schedule), PositionOrder.halton(2, 2, 1), grid),
                TIMED,
                TERNARY)
            .assertFollows(laws.inOrder(grid, new int[] {2, 1, 0, 3}, start), start);
      }
      new SampledLaw(
              new FixedOrderSampler(Decoding.of(schedule), PositionOrder.halton(3, 1, 1), grid),
              TIMED,
              TERNARY)
          .assertFollows(laws.inOrder(grid, new int[] {1, 0, 2}, 3, 3, 3), 3, 3, 3);
    }
  }

  static Stream<Arguments> bounds() {
    return TOYS.stream()
        .flatMap(toy -> Stream.of(0.0, 0.9, 1.8, 100.0).map(bound -> Arguments.of(toy, bound)));
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void entropiesBoundWhatIsRevealedTogether(Toy toy, double bound) {
    MaskingSchedule schedule = MaskingSchedule.cosine().clipped(0.01);
    for (int[] start : toy.starts) {
      new SampledLaw(
              new EntropyBoundedSampler(Decoding.of(schedule), bound), toy.denoiser, toy.vocabulary)
          .assertFollows(
              new SamplerLaws(toy.denoiser, schedule, toy.vocabulary).entropyBounded(bound, start),
              start);
    }
  }

  /** A filter of the library, and what it should do to probabilities. */
  private record Filtering(LogitFilter filter, UnaryOperator<double[]> law) {}

  private static final List<Filtering> FILTERINGS =
      List.of(
          new Filtering(LogitFilter.topP(0.6), mu -> nucleus(mu, 0.6)),
          new Filtering(LogitFilter.topK(2), mu -> likeliest(mu, 2)),
          new Filtering(
              LogitFilter.temperature(0.5).andThen(LogitFilter.topP(0.8)),
              mu -> nucleus(tempered(mu, 0.5), 0.8)),
          new Filtering(
              LogitFilter.topP(0.8).andThen(LogitFilter.temperature(2)),
              mu -> tempered(nucleus(mu, 0.8), 2)));

  /** All samplers; the law of first hitting is that of many steps. */
  static Stream<Subject> subjects() {
    return everySubject((laws, grid, start) -> laws.ancestral(TimeGrid.uniform(2000), start));
  }

  private static Stream<Subject> everySubject(Subject.Law firstHitting) {
    return Stream.concat(
        SUBJECTS.stream(),
        Stream.of(
            new Subject(
                "first hitting",
                (decoding, grid) -> new FirstHittingSampler(decoding),
                firstHitting),
            new Subject(
                "entropy-bounded",
                (decoding, grid) -> new EntropyBoundedSampler(decoding, 1),
                (laws, grid, start) -> laws.entropyBounded(1, start))));
  }

  /** Without time the law of first hitting is known exactly. */
  static Stream<Arguments> filtered() {
    return everySubject((laws, grid, start) -> laws.anyOrder(start))
        .flatMap(subject -> FILTERINGS.stream().map(filtering -> Arguments.of(subject, filtering)));
  }

  /** Tokens come from the filtered prediction, orders and entropies from the network's own. */
  @ParameterizedTest
  @MethodSource("filtered")
  void tokensAreDrawnFromTheFilteredPrediction(Subject subject, Filtering filtering) {
    MaskingSchedule schedule = MaskingSchedule.linear();
    TimeGrid grid = TimeGrid.cosine(3);
    Denoiser toy = new ToyDenoiser(TERNARY);
    double[] law =
        subject.law.of(
            new SamplerLaws(toy, schedule, TERNARY).withFilter(filtering.law), grid, 3, 3, 3);

    new SampledLaw(
            subject.making.of(Decoding.of(schedule).withFilter(filtering.filter), grid),
            toy,
            TERNARY)
        .assertFollows(law, 3, 3, 3);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aRowHasTheLawOfItsLabel(Subject subject) {
    MaskingSchedule schedule = MaskingSchedule.linear();
    TimeGrid grid = TimeGrid.uniform(3);
    List<HostDenoiser> byLabel = List.of(TIMED, new ToyDenoiser(TERNARY, t -> 1 - t));
    double[][] laws =
        byLabel.stream()
            .map(toy -> subject.law.of(new SamplerLaws(toy, schedule, TERNARY), grid, 3, 0, 3))
            .toArray(double[][]::new);

    new SampledLaw(
            subject.making.of(Decoding.of(schedule), grid), new LabelledDenoiser(byLabel), TERNARY)
        .assertFollow(laws, 3, 0, 3);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void theNetworkMayBeToldTheTimeOfTheVisibleTokens(Subject subject) {
    MaskingSchedule schedule = MaskingSchedule.cosine().clipped(0.02);
    TimeGrid grid = TimeGrid.uniform(3);
    double[] law =
        subject.law.of(
            new SamplerLaws(TIMED, schedule, TERNARY).tellingVisibleTokens(), grid, 3, 0, 3, 3);

    new SampledLaw(
            subject.making.of(Decoding.of(schedule).withToldTime(ToldTime.OF_VISIBLE_TOKENS), grid),
            TIMED,
            TERNARY)
        .assertFollows(law, 3, 0, 3, 3);
  }

  @Test
  void remaskingWithoutStrengthIsAncestralSampling() {
    MaskingSchedule schedule = MaskingSchedule.cosine().clipped(0.05);
    TimeGrid grid = TimeGrid.uniform(4);

    new SampledLaw(new RemaskingSampler(Decoding.of(schedule), 0, grid), TIMED, TERNARY)
        .assertFollows(new SamplerLaws(TIMED, schedule, TERNARY).ancestral(grid, 3, 3, 3), 3, 3, 3);
  }

  @Test
  void remaskingWithAllItsStrengthRevealsEveryMaskItCan() {
    MaskingSchedule schedule = MaskingSchedule.linear();
    TimeGrid grid = TimeGrid.uniform(6);

    new SampledLaw(new RemaskingSampler(Decoding.of(schedule), 1, grid), TIMED, TERNARY)
        .assertFollows(
            new SamplerLaws(TIMED, schedule, TERNARY).remasking(grid, 1, 3, 3, 3), 3, 3, 3);
  }

  static Stream<ReverseSampler> oneByOne() {
    Decoding decoding = Decoding.of(MaskingSchedule.linear());
    return Stream.of(
        new FirstHittingSampler(decoding),
        new EntropyBoundedSampler(decoding, 0),
        new OrderedSampler(decoding, RevealOrder.CONFIDENCE, TimeGrid.uniform(3)),
        new OrderedSampler(decoding, RevealOrder.MARGIN, TimeGrid.uniform(3)),
        new OrderedSampler(decoding, RevealOrder.ENTROPY, TimeGrid.uniform(3)),
        new FixedOrderSampler(decoding, PositionOrder.dilated(), TimeGrid.uniform(3)),
        EventDrivenSampler.ancestral(decoding, TimeGrid.uniform(20_000)));
  }

  /** With exact conditionals one token at a time is the chain rule, in whatever order. */
  @ParameterizedTest
  @MethodSource("oneByOne")
  void infillsFollowTheConditionalLawIfTokensComeOneByOne(ReverseSampler sampler) {
    ExactDenoiser exact = ExactDenoiser.random(TERNARY, 4, 11);
    int[] start = {3, 3, 1, 3};
    double[] law = exact.joint();
    for (int i = 0; i < law.length; i++) {
      law[i] = i / 3 % 3 == 1 ? law[i] : 0;
    }
    double total = Arrays.stream(law).sum();

    new SampledLaw(sampler, exact, TERNARY)
        .assertFollows(Arrays.stream(law).map(p -> p / total).toArray(), start);
  }

  /** The test of the test: a law a little different from the right one is told from it. */
  @Test
  void aWrongLawIsNoticed() {
    MaskingSchedule schedule = MaskingSchedule.linear();
    TimeGrid grid = TimeGrid.uniform(8);
    SamplerLaws laws = new SamplerLaws(TIMED, schedule, TERNARY);
    SampledLaw remasked =
        new SampledLaw(new RemaskingSampler(Decoding.of(schedule), 0.5, grid), TIMED, TERNARY);

    assertThat(remasked.pValue(laws.remasking(grid, 0.5, 3, 3, 3), 3, 3, 3)).isGreaterThan(1e-4);
    assertThat(remasked.pValue(laws.remasking(grid, 0.4, 3, 3, 3), 3, 3, 3)).isLessThan(1e-6);
    assertThat(remasked.pValue(laws.ancestral(grid, 3, 3, 3), 3, 3, 3)).isLessThan(1e-6);
  }

  private static ToDoubleFunction<double[]> sure(RevealOrder order) {
    return switch (order) {
      case CONFIDENCE -> mu -> Arrays.stream(mu).max().getAsDouble();
      case MARGIN ->
          mu -> {
            double[] ascending = Arrays.stream(mu).sorted().toArray();
            return ascending[mu.length - 1] - ascending[mu.length - 2];
          };
      case ENTROPY -> mu -> -SamplerLaws.entropy(mu);
    };
  }

  private static double[] nucleus(double[] mu, double p) {
    double[] kept = new double[mu.length];
    double[] rest = mu.clone();
    while (Arrays.stream(kept).sum() < p) {
      int best = IntStream.range(0, rest.length).reduce(0, (a, b) -> rest[b] > rest[a] ? b : a);
      kept[best] = rest[best];
      rest[best] = 0;
    }
    return tempered(kept, 1);
  }

  private static double[] likeliest(double[] mu, int k) {
    double least = Arrays.stream(mu).sorted().toArray()[mu.length - k];
    return tempered(Arrays.stream(mu).map(m -> m >= least ? m : 0).toArray(), 1);
  }

  /** The power 1/temperature of probabilities, normalised. */
  private static double[] tempered(double[] mu, double temperature) {
    double[] powers = Arrays.stream(mu).map(m -> Math.pow(m, 1 / temperature)).toArray();
    double total = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(m -> m / total).toArray();
  }

  private static double distance(double[] one, double[] other) {
    return IntStream.range(0, one.length).mapToDouble(i -> Math.abs(one[i] - other[i])).sum() / 2;
  }
}
