package org.md4j.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.DoubleNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GoldenVectorsTest {
  private static final int ENTRIES = 57;

  @Test
  void holdsEveryEntryOnce() {
    assertThat(GoldenVectors.ids("")).hasSize(ENTRIES).doesNotHaveDuplicates();
  }

  @Test
  void everyEntryIsNamedInATest() throws IOException {
    StringBuilder tests = new StringBuilder();
    for (String module : List.of("md4-core", "md4-models", "md4-cli")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          if (!file.endsWith("GoldenVectorsTest.java")) {
            tests.append(Files.readString(file));
          }
        }
      }
    }

    assertThat(GoldenVectors.ids("").filter(id -> !isNamed(id, tests.toString()))).isEmpty();
  }

  /** A test may name an entry, or all those of a folder. */
  private static boolean isNamed(String id, String tests) {
    for (int end = id.indexOf('/'); end >= 0; end = id.indexOf('/', end + 1)) {
      if (tests.contains('"' + id.substring(0, end + 1) + '"')) {
        return true;
      }
    }
    return tests.contains('"' + id + '"');
  }

  @Test
  void unknownIdNamesTheKnownOnes() {
    assertThatThrownBy(() -> GoldenVectors.expected("schedule/none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("schedule/none")
        .hasMessageContaining("schedule/linear/eps=0");
  }

  @Test
  void comparesWithTheTolerancesOfTheEntry() {
    DoubleNode expected = DoubleNode.valueOf(2);

    GoldenVectors.assertMatches("time/antithetic", "near", 2 + 1e-9, expected);
    assertThatThrownBy(
            () -> GoldenVectors.assertMatches("time/antithetic", "far", 2 + 3e-9, expected))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("far of time/antithetic");
  }
}
