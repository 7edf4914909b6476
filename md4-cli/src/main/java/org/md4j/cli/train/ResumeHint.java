package org.md4j.cli.train;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.compute.Precision;
import org.md4j.train.StepReport;
import org.md4j.train.TrainingListener;
import org.md4j.train.TrainingStart;
import org.md4j.train.TrainingSummary;

/**
 * Tells a reader whose training run ends before its end how to go on with it, in the precision it
 * was in.
 */
public final class ResumeHint implements TrainingListener, AutoCloseable {
  private final RunFolder folder;
  private final RunKind kind;
  private final Precision precision;
  private final PrintStream out;
  private @Nullable Thread hook;
  private int step;
  private int saved;

  /**
   * Creates a hint about a folder, silent before the run starts and after it ends.
   *
   * @param precision what the network computes in
   */
  public ResumeHint(RunFolder folder, RunKind kind, Precision precision, PrintStream out) {
    this(folder, kind, precision, out, 0);
  }

  /**
   * Creates a hint about a folder, silent before the run starts and after it ends.
   *
   * @param precision what the network computes in
   * @param saved the step of the checkpoint that is gone on from, 0 for none
   */
  ResumeHint(RunFolder folder, RunKind kind, Precision precision, PrintStream out, int saved) {
    this.folder = folder;
    this.kind = kind;
    this.precision = precision;
    this.out = out;
    this.step = saved;
    this.saved = saved;
  }

  @Override
  public void onStart(TrainingStart start) {
    Thread armed = new Thread(this::print);
    Runtime.getRuntime().addShutdownHook(armed);
    hook = armed;
  }

  @Override
  public void onStep(StepReport report) {
    step = report.step();
  }

  @Override
  public void onCheckpoint(Path checkpoint) {
    saved = step;
  }

  @Override
  public void onEnd(TrainingSummary summary) {
    close();
  }

  @Override
  public void close() {
    Thread armed = hook;
    hook = null;
    if (armed != null) {
      Runtime.getRuntime().removeShutdownHook(armed);
    }
  }

  private void print() {
    out.printf(
        Files.exists(folder.checkpoint())
            ? "%nstopped; the last checkpoint is whole, go on with: %s%n"
            : "%nstopped before the first checkpoint: the settings are kept, nothing learned is;"
                + " begin anew with: %s%n",
        command());
  }

  /** What to say when a file of the run cannot be written: why, what is lost and how to go on. */
  String afterFailure(String why) {
    if (step == saved) {
      return "%s; nothing is lost, go on with: %s".formatted(why, command());
    }
    return saved == 0
        ? "%s; nothing was saved yet, begin anew with: %s".formatted(why, command())
        : String.format(
            Locale.ROOT,
            "%s; what was learned after step %,d is lost, go on with: %s",
            why,
            saved,
            command());
  }

  /** The command that goes on with the run. */
  String command() {
    return "./md4 train %s --resume %s %s %s"
        .formatted(kind, folder.path(), PrecisionFlag.NAME, FlagNames.spelled(precision));
  }
}
