package org.md4j.cli.train;

import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.terminal.Terminal;
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
  private final ByProducts byProducts;
  private boolean behind;

  /**
   * A plot in the folder of a run.
   *
   * @param terminal told where the plot cannot be drawn
   */
  public CurveFile(RunFolder folder, RunKind kind, Terminal terminal) {
    this.folder = folder;
    this.kind = kind;
    this.byProducts = new ByProducts(terminal);
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
    byProducts.write(
        folder.curve(), file -> TrainingCurve.read(folder.metrics()).write(file, kind));
  }
}
