package org.md4j.cli.train;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunKind;
import org.md4j.train.EvaluationReport;
import org.md4j.train.StepReport;
import org.md4j.train.TrainingStart;
import org.md4j.train.TrainingSummary;

/**
 * Reports a run as a bar at the foot of a terminal, with the evaluations in lines above it and,
 * where there is room, the curve of the training loss beside it.
 */
final class LiveProgress implements Progress {
  private static final int UPDATE_MILLISECONDS = 250;
  private static final int CURVE_COLUMNS = 16;

  /** The width of a terminal from which on there is room for the steps, up to a million. */
  static final int LEAST_COLUMNS = 32;

  /** The width from which on there is room for a curve beside a bar. */
  private static final int COLUMNS_FOR_A_CURVE = 110;

  private static final String CLEAR_LINE = "\r\u001b[2K";

  private final PrintStream out;
  private final int columns;
  private final RunKind kind;
  private final StepAverage average;
  private final @Nullable Sparkline curve;
  private @Nullable ProgressBar bar;

  LiveProgress(PrintStream out, int columns, RunKind kind) {
    this.out = out;
    this.kind = kind;
    this.average = new StepAverage(kind);
    this.columns = columns;
    this.curve =
        columns >= COLUMNS_FOR_A_CURVE && canShowCurves() ? new Sparkline(CURVE_COLUMNS) : null;
  }

  private static boolean canShowCurves() {
    // From Java 18 on the default is UTF-8 whatever the terminal is.
    String encoding = System.getProperty("stderr.encoding", System.getProperty("native.encoding"));
    return Sparkline.isWritableIn(encoding);
  }

  @Override
  public void onStart(TrainingStart start) {
    out.println(ProgressText.start(start, kind));
    bar =
        new ProgressBarBuilder()
            .setTaskName("step")
            .setInitialMax(start.config().steps())
            .startsFrom(start.firstStep(), Duration.ZERO)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLISECONDS)
            .setConsumer(new ConsoleProgressBarConsumer(out, columns))
            .build();
  }

  @Override
  public void onStep(StepReport step) {
    average.add(step);
    String message = average.toString();
    if (curve != null) {
      curve.add(step.bitsPerToken());
      message += " " + curve;
    }
    ProgressBar shown = bar;
    if (shown != null) {
      shown.setExtraMessage(message);
      shown.stepTo(step.step());
    }
  }

  @Override
  public void onEvaluation(EvaluationReport evaluation) {
    out.print(CLEAR_LINE + ProgressText.evaluation(evaluation, kind) + System.lineSeparator());
    ProgressBar shown = bar;
    if (shown != null) {
      shown.refresh();
    }
  }

  @Override
  public void onEnd(TrainingSummary summary) {
    close();
  }

  @Override
  public void close() {
    ProgressBar shown = bar;
    bar = null;
    if (shown != null) {
      shown.close();
    }
  }
}
