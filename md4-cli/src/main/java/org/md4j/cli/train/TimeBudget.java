package org.md4j.cli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.md4j.cli.run.RunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.RowSource;
import org.md4j.train.EvaluationReport;
import org.md4j.train.StepReport;
import org.md4j.train.Trainer;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingListener;

/**
 * Finds how many steps a run takes in a number of minutes on this machine: some steps of the same
 * run, and an evaluation of a few rows, are timed and thrown away, in about a tenth of the time.
 * The number found is a setting like any other, written to the run folder, so that the run can be
 * repeated and gone on with.
 *
 * @param minutes of timing, training and evaluations, without the samples at the end
 */
public record TimeBudget(double minutes) {
  private static final double TIMING_SHARE = 0.1;
  private static final int FIRST_STEPS = 2;
  private static final int MOST_TIMED = 100;
  private static final int FEWEST_STEPS = 20;
  private static final double SECONDS = 60;

  /** Rejects what is no time. */
  public TimeBudget {
    if (!(minutes > 0 && Double.isFinite(minutes))) {
      throw new CommandException("--minutes (" + minutes + ") must be above 0");
    }
  }

  /**
   * What was timed.
   *
   * @param step seconds of a step, of the later half of those timed
   * @param evaluation seconds of the rows evaluated
   */
  private record Timing(double step, double evaluation) {}

  /**
   * Finds the steps that fit.
   *
   * @param config settings of the run, whose number of steps is not read
   * @throws CommandException if not even a few steps fit
   */
  int steps(
      RunConfig config,
      Precision precision,
      RowSource training,
      RowSource validation,
      Terminal terminal) {
    long start = System.nanoTime();
    TrainingRoom.here(config, precision).require(false);
    TrainerConfig wanted = config.trainer();
    int fewRows = (int) Math.min(wanted.microBatchRows(), validation.size());
    TrainerConfig timed =
        wanted.toBuilder().evaluation(settings -> settings.every(0).rows(fewRows)).build();
    // A part of a batch first: of a large network a step alone may take longer than there is.
    TrainerConfig part =
        timed.toBuilder()
            .batchSize(wanted.microBatchRows())
            .accumulation(1)
            .steps(FIRST_STEPS)
            .build();
    double rough =
        time(config, part, precision, training, validation).step() * wanted.accumulation();
    requireSteps((int) (minutes * SECONDS / rough), rough);
    int count =
        (int) Math.max(FIRST_STEPS, Math.min(MOST_TIMED, TIMING_SHARE * minutes * SECONDS / rough));
    Timing timing =
        time(config, timed.toBuilder().steps(count).build(), precision, training, validation);
    long asked = wanted.evaluation().rows();
    double rows = asked == 0 ? validation.size() : Math.min(asked, validation.size());
    double left = minutes * SECONDS - (System.nanoTime() - start) * 1e-9;
    int steps = steps(left, timing.step(), timing.evaluation() * rows / fewRows, wanted);
    requireSteps(steps, timing.step());
    terminal
        .err()
        .printf(
            Locale.ROOT,
            "%d steps fit in %s minutes at the speed of this machine%n",
            steps,
            minutes);
    return steps;
  }

  /**
   * The steps that fit with the evaluations between them and the one at the end.
   *
   * @param seconds there are
   * @param step seconds of a step
   * @param evaluation seconds of an evaluation
   */
  static int steps(double seconds, double step, double evaluation, TrainerConfig settings) {
    int every = settings.evaluation().every();
    double each = step + (every > 0 ? evaluation / every : 0);
    double steps = (seconds - evaluation) / each;
    return (int) Math.max(0, Math.min(steps, Integer.MAX_VALUE));
  }

  private void requireSteps(int steps, double step) {
    if (steps < FEWEST_STEPS) {
      throw new CommandException(
          String.format(
              Locale.ROOT,
              "--minutes (%s) must allow for at least %d steps, which take about %.1f minutes here, and"
                  + " an evaluation: use a smaller preset or --batch",
              minutes,
              FEWEST_STEPS,
              FEWEST_STEPS * step / SECONDS));
    }
  }

  private static Timing time(
      RunConfig config,
      TrainerConfig settings,
      Precision precision,
      RowSource training,
      RowSource validation) {
    List<Double> steps = new ArrayList<>();
    List<Double> evaluations = new ArrayList<>();
    TrainingListener stopwatch =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            steps.add(report.seconds());
          }

          @Override
          public void onEvaluation(EvaluationReport report) {
            evaluations.add(report.seconds());
          }
        };
    try (Trainer trainer =
        new Trainer(
            config.network().create(settings.seed(), ComputeBackend.preferred(precision)),
            config.objective(),
            training,
            validation,
            settings,
            List.of(stopwatch))) {
      trainer.train();
    }
    return new Timing(
        steps.subList(steps.size() / 2, steps.size()).stream()
            .mapToDouble(Double::doubleValue)
            .average()
            .orElseThrow(),
        evaluations.get(0));
  }
}
