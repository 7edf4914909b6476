package org.md4j.cli.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.train.EvaluationReport;
import org.md4j.train.StepReport;
import org.md4j.train.TrainingListener;

/**
 * Keeps a run's plot up to date: it is drawn anew from the metrics file at each evaluation, and at
 * the end of a run however it ends, so that one that was stopped has a plot too. To be told after
 * the metrics file, and closed before it.
 */
public final class CurveFile implements TrainingListener, AutoCloseable {
  private final RunFolder folder;
  private final RunKind kind;
  private boolean behind;

  /** A plot in the folder of a run. */
  public CurveFile(RunFolder folder, RunKind kind) {
    this.folder = folder;
    this.kind = kind;
  }

  @Override
  public void onStep(StepReport step) {
    behind = true;
  }

  @Override
  public void onEvaluation(EvaluationReport evaluation) {
    draw();
  }

  @Override
  public void close() {
    if (behind) {
      draw();
    }
  }

  private void draw() {
    behind = false;
    try {
      TrainingCurve.read(folder.metrics()).write(folder.curve(), kind);
    } catch (IOException e) {
      throw new UncheckedIOException("plot (" + folder.curve() + ") cannot be drawn", e);
    }
  }
}
