package org.md4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.cli.terminal.CommandException;

/** What another process holds is in SignalTest. */
class RunLockTest {
  @TempDir private Path path;

  @Test
  void aFolderIsLockedOnceUntilItIsGivenBack() throws Exception {
    RunFolder folder = new RunFolder(path);
    RunLock lock = RunLock.of(folder);
    RunLock again = RunLock.of(folder); // The same thread may.
    for (RunLock held : List.of(again, lock)) {
      assertThatThrownBy(() -> inAnotherThread(folder))
          .cause()
          .isInstanceOf(CommandException.class)
          .hasMessageMatching(
              "run folder \\(.*\\) must not be in training, got process "
                  + ProcessHandle.current().pid()
                  + " on \\S+ since \\S+: wait for it or end it");
      held.close();
    }
    for (int i = 0; i < 2; i++) {
      inAnotherThread(folder);
    }
    assertThat(folder.isFree()).isTrue();
  }

  private static void inAnotherThread(RunFolder folder) throws Exception {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              RunLock.of(folder).close();
              return null;
            });
    Thread thread = new Thread(task);
    thread.start();
    task.get();
  }
}
