package org.md4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An example is read in one sitting: one page, one program, and how to run it. */
class LengthTest {
  private static final int MOST_LINES = 60;
  private static final Path SOURCES =
      Path.of(System.getProperty("examples.sources", "src/main/java"), "org/md4j/examples");

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(file -> !file.endsWith("package-info.java")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleIsOnePageWithOneProgramThatSaysHowToRunIt(Path example) throws IOException {
    String source = Files.readString(example);
    String name = example.getFileName().toString().replace(".java", "");

    assertThat(source.lines()).hasSizeLessThanOrEqualTo(MOST_LINES);
    assertThat(source).containsOnlyOnce("public static void main(");
    assertThat(source).contains("-Dexample=" + name);
  }
}
