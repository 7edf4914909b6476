package org.md4j.cli.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jline.utils.Signals;
import org.md4j.cli.terminal.Terminal;

/**
 * Lets a training finish its step when the process is told to end: by Ctrl-C, by {@code kill}, or
 * by a terminal that goes away. Told a second time, the process ends at once, as any does.
 */
final class StopSignals {
  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

  private final Terminal terminal;
  private final Runnable stop;
  private final Map<String, Object> former = new LinkedHashMap<>();

  /**
   * Listens from now on.
   *
   * @param stop called on a thread of its own at the first signal
   */
  StopSignals(Terminal terminal, Runnable stop) {
    this.terminal = terminal;
    this.stop = stop;
    register();
  }

  private synchronized void register() {
    for (String name : NAMES) {
      Object before = Signals.register(name, this::stopOnce);
      if (before != null) { // Null where the system has no such signal.
        former.put(name, before);
      }
    }
  }

  private void stopOnce() {
    close();
    terminal
        .err()
        .printf("%nstopping after this step, with a checkpoint; the same again ends md4 at once%n");
    stop.run();
  }

  /** Leaves signals to what they did before. */
  synchronized void close() {
    former.forEach(Signals::unregister);
    former.clear();
  }
}
