package org.md4j.cli.train;

import org.md4j.cli.run.RunKind;
import org.md4j.cli.terminal.Terminal;
import org.md4j.train.TrainingListener;

/** Shows a training run to a reader as it goes. */
public interface Progress extends TrainingListener, AutoCloseable {
  /**
   * A bar if someone watches the terminal's error stream and there is room for the steps beside it,
   * sparse lines of text if not.
   */
  static Progress on(Terminal terminal, RunKind kind) {
    return terminal.liveErr() && terminal.columns() >= LiveProgress.LEAST_COLUMNS
        ? new LiveProgress(terminal.err(), terminal.columns(), kind)
        : new PlainProgress(terminal.err(), kind);
  }

  @Override
  default void close() {}
}
