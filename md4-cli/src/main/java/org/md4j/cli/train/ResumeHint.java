package org.md4j.cli.train;

import java.io.PrintStream;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.train.TrainingListener;
import org.md4j.train.TrainingStart;
import org.md4j.train.TrainingSummary;

/** Tells a reader who stops a training run with Ctrl-C how to go on with it. */
public final class ResumeHint implements TrainingListener, AutoCloseable {
  private final RunFolder folder;
  private final RunKind kind;
  private final PrintStream out;
  private @Nullable Thread hook;

  /** A hint about a folder; silent before the run starts and after it ends. */
  public ResumeHint(RunFolder folder, RunKind kind, PrintStream out) {
    this.folder = folder;
    this.kind = kind;
    this.out = out;
  }

  @Override
  public void onStart(TrainingStart start) {
    Thread armed = new Thread(this::print);
    Runtime.getRuntime().addShutdownHook(armed);
    hook = armed;
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
    if (Files.exists(folder.checkpoint())) {
      out.printf(
          "%nstopped; the last checkpoint is whole, go on with: ./md4 train %s --resume %s%n",
          kind, folder.path());
    }
  }
}
