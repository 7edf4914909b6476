package org.md4j.cli.train;

import java.util.Arrays;
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
 * Finds how many steps a run takes in a number of minutes on this machine: some steps and an
 * evaluation of the same run are timed and thrown away. The number found is a setting like any
 * other, written to the run folder, so that the run can be repeated and gone on with.
 *
 * @param minutes of training and evaluations, without the samples at the end
 */
public record TimeBudget(double minutes) {
  private static final int WARM_UP = 20;
  private static final int TIMED = 30;
  private static final int FEWEST_STEPS = 20;
  private static final int SECONDS = 60;

  /** Steps for each one of the learning rate's warm-up, at least. */
  private static final int STEPS_PER_WARMUP_STEP = 10;

  /** Rejects what is no time. */
  public TimeBudget {
    if (!(minutes > 0 && Double.isFinite(minutes))) {
      throw new CommandException("--minutes (" + minutes + ") must be above 0");
    }
  }

  /**
   * Returns a run's settings with as many steps as fit.
   *
   * @param config settings of the run, whose number of steps is not read
   * @throws CommandException if not even a few steps fit
   */
  TrainerConfig fit(
      RunConfig config,
      Precision precision,
      RowSource training,
      RowSource validation,
      Terminal terminal) {
    TrainerConfig wanted = config.trainer();
    double[] steps = new double[WARM_UP + TIMED];
    double[] evaluation = new double[1];
    TrainingListener stopwatch =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            steps[report.step() - 1] = report.seconds();
          }

          @Override
          public void onEvaluation(EvaluationReport report) {
            evaluation[0] = report.seconds();
          }
        };
    try (Trainer trainer =
        new Trainer(
            config.network().create(wanted.seed(), ComputeBackend.preferred(precision)),
            config.objective(),
            training,
            validation,
            wanted.toBuilder()
                .steps(steps.length)
                .evaluation(settings -> settings.every(0))
                .build(),
            List.of(stopwatch))) {
      trainer.train();
    }
    double[] timed = Arrays.copyOfRange(steps, WARM_UP, steps.length);
    int fitting = steps(Arrays.stream(timed).average().orElseThrow(), evaluation[0], wanted);
    if (fitting < FEWEST_STEPS) {
      throw new CommandException(
          String.format(
              Locale.ROOT,
              "--minutes (%s) must allow for at least %d steps, which take about %.1f here: use a smaller preset or --batch",
              minutes,
              FEWEST_STEPS,
              (FEWEST_STEPS * timed[timed.length / 2] + evaluation[0]) / SECONDS));
    }
    terminal
        .err()
        .printf(
            Locale.ROOT,
            "%d steps fit in %s minutes at the speed of this machine%n",
            fitting,
            minutes);
    int warmupSteps = Math.min(wanted.optimizer().warmupSteps(), fitting / STEPS_PER_WARMUP_STEP);
    return wanted.toBuilder()
        .steps(fitting)
        .optimizer(optimizer -> optimizer.warmupSteps(warmupSteps))
        .build();
  }

  /**
   * The steps that fit with the evaluations between them and the one at the end.
   *
   * @param step seconds of a step
   * @param evaluation seconds of an evaluation
   */
  int steps(double step, double evaluation, TrainerConfig settings) {
    int every = settings.evaluation().every();
    double each = step + (every > 0 ? evaluation / every : 0);
    double steps = (minutes * SECONDS - evaluation) / each;
    return (int) Math.max(0, Math.min(steps, Integer.MAX_VALUE));
  }
}
