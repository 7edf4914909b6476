package org.md4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README and the command line's manual say what is so. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Path EXAMPLE =
      ROOT.resolve("md4-examples/src/main/java/org/md4j/examples/Example.java");
  private static final Path COMMANDS = Path.of("src/main/java/org/md4j/cli/command");
  private static final Pattern COMMAND_NAME = Pattern.compile("name = \"([a-z-]+)\"");
  private static final Pattern JAVA_BLOCK = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern MARKED =
      Pattern.compile("(?s)// README: begin\n(.*?) *// README: end");

  @Test
  void exampleIsTheOneEveryBuildRuns() throws IOException {
    String example = only(MARKED, Files.readString(EXAMPLE)).replaceAll("(?m)^ {4}", "");

    assertThat(only(JAVA_BLOCK, readme())).isEqualTo(example);
    assertThat(example.strip().lines().filter(line -> !line.equals("}"))).hasSize(7);
  }

  @Test
  void verificationIsWhatTheCiRuns() throws IOException {
    assertThat(readme()).contains("\nmvn verify\n");
    assertThat(Files.readString(ROOT.resolve(".ci/run"))).contains("\nmvn -B -ntp verify\n");
  }

  @Test
  void manualNamesEveryCommand() throws IOException {
    String manual = Files.readString(ROOT.resolve("docs/cli.md"));
    try (Stream<Path> commands = Files.list(COMMANDS)) {
      for (Path command :
          commands.filter(file -> file.toString().endsWith("Command.java")).toList()) {
        assertThat(manual).contains(only(COMMAND_NAME, Files.readString(command)));
      }
    }
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static String only(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
