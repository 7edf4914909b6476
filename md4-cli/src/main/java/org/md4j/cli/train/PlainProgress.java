package org.md4j.cli.train;

import java.io.PrintStream;
import java.util.Locale;
import org.md4j.cli.run.RunKind;
import org.md4j.train.EvaluationReport;
import org.md4j.train.StepReport;
import org.md4j.train.TrainingStart;

/**
 * Reports a run in lines of text: every evaluation, and now and then a step, less often the longer
 * the run lasts.
 */
final class PlainProgress implements Progress {
  private static final double SHORTEST_SILENCE_SECONDS = 10;
  private static final double SILENCE_PER_ELAPSED = 0.05;

  private final PrintStream out;
  private final RunKind kind;
  private final StepAverage average;
  private int firstStep;
  private int steps;
  private long startNanos;
  private double lastLineSeconds;

  PlainProgress(PrintStream out, RunKind kind) {
    this.out = out;
    this.kind = kind;
    this.average = new StepAverage(kind);
  }

  @Override
  public void onStart(TrainingStart start) {
    firstStep = start.firstStep();
    steps = start.config().steps();
    startNanos = System.nanoTime();
    out.println(ProgressText.start(start, kind));
  }

  @Override
  public void onStep(StepReport step) {
    average.add(step);
    double elapsed = (System.nanoTime() - startNanos) * 1e-9;
    double silence = Math.max(SHORTEST_SILENCE_SECONDS, SILENCE_PER_ELAPSED * elapsed);
    if (elapsed - lastLineSeconds >= silence) {
      lastLineSeconds = elapsed;
      double left = elapsed / (step.step() - firstStep) * (steps - step.step());
      out.printf(
          Locale.ROOT,
          "step %d/%d  %s  %s left%n",
          step.step(),
          steps,
          average,
          ProgressText.duration(left));
    }
  }

  @Override
  public void onEvaluation(EvaluationReport evaluation) {
    out.println(ProgressText.evaluation(evaluation, kind));
  }
}
