package org.md4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command whose memory ends says which, in one line. */
class OutOfMemoryTest {
  @Test
  void theJavaHeapIsNamedWithWhatToSet(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("run");

    try (CommandProcess md4 =
        CommandProcess.md4WithHeap(
            "24m", folder.resolve("printed"), "train", "text", "--steps=1", "--out=" + out)) {
      assertThat(md4.exitCode()).isEqualTo(1);
      assertThat(md4.printed().lines().filter(line -> line.startsWith("md4")))
          .singleElement()
          .asString()
          .startsWith("md4: the Java heap (")
          .containsPattern("set MD4_JAVA_OPTIONS=-Xmx\\d+m$");
      assertThat(md4.printed()).doesNotContain("\tat ");
    }
    assertThat(out).doesNotExist();
  }
}
