package org.md4j.cli.train;

import java.util.Locale;
import org.md4j.cli.run.RunKind;
import org.md4j.train.EvaluationReport;
import org.md4j.train.TrainingStart;

/** How progress is put into words, the same in a bar and in lines. */
final class ProgressText {
  private static final int SECONDS_IN_A_MINUTE = 60;
  private static final int MINUTES_IN_AN_HOUR = 60;

  private ProgressText() {}

  static String start(TrainingStart start, RunKind kind) {
    return String.format(
        Locale.ROOT,
        "training %,d parameters on %s, %d %s of %d %s a step, %s, %s",
        start.parameters(),
        start.training(),
        start.config().batchSize(),
        kind.rows(),
        start.length(),
        kind.tokens(),
        start.replicas() == 1 ? "1 replica" : start.replicas() + " replicas",
        start.computation());
  }

  static String evaluation(EvaluationReport evaluation, RunKind kind) {
    boolean hasError = !Double.isNaN(evaluation.standardError()); // Of one group there is none.
    return String.format(
        Locale.ROOT,
        "step %d  validation %.4f%s %s (EMA weights, %,d %s)",
        evaluation.step(),
        evaluation.bitsPerToken(),
        hasError ? String.format(Locale.ROOT, " +- %.4f", evaluation.standardError()) : "",
        kind.shortUnit(),
        evaluation.rows(),
        kind.rows());
  }

  /** Hours, minutes and seconds, as far as they are needed: 2:05 or 1:02:05. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    long minutes = whole / SECONDS_IN_A_MINUTE;
    long hours = minutes / MINUTES_IN_AN_HOUR;
    return hours == 0
        ? String.format(Locale.ROOT, "%d:%02d", minutes, whole % SECONDS_IN_A_MINUTE)
        : String.format(
            Locale.ROOT,
            "%d:%02d:%02d",
            hours,
            minutes % MINUTES_IN_AN_HOUR,
            whole % SECONDS_IN_A_MINUTE);
  }
}
