package org.md4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.cli.terminal.CommandException;

/** What another process holds is in SignalTest. */
class RunLockTest {
  @TempDir private Path path;

  @Test
  void aFolderIsLockedOnceUntilItIsGivenBack() throws IOException {
    RunFolder folder = new RunFolder(path);
    try (RunLock lock = RunLock.of(folder)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> RunLock.of(folder))
          .isInstanceOf(CommandException.class)
          .hasMessageMatching(
              "run folder \\(.*\\) must not be in training, got process "
                  + ProcessHandle.current().pid()
                  + " on \\S+ since \\S+: wait for it or end it");
    }
    for (int i = 0; i < 2; i++) {
      RunLock.of(folder).close();
    }
  }
}
