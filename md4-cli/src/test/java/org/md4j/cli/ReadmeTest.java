package org.md4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.cli.terminal.Terminal;
import picocli.CommandLine;

/** README and the command line's manual say what is so. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Path EXAMPLE =
      ROOT.resolve("md4-examples/src/main/java/org/md4j/examples/Example.java");
  private static final Path COMMANDS = Path.of("src/main/java/org/md4j/cli/command");
  private static final Pattern COMMAND_NAME = Pattern.compile("name = \"([a-z-]+)\"");
  private static final Pattern WORD = Pattern.compile("'[^']*'|\"[^\"]*\"|\\S+");
  private static final int FEWEST_COMMANDS = 10;
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

  /** Every command in a block of README and manual is one that md4 takes. */
  @ParameterizedTest
  @MethodSource("commands")
  void commandIsTaken(String line) {
    CommandLine md4 = Md4.commandLine(Terminal.plain(System.out, System.err));

    assertThatCode(() -> md4.parseArgs(arguments(line))).doesNotThrowAnyException();
  }

  static Stream<String> commands() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    List<String> commands = new ArrayList<>();
    for (Path page : pages) {
      boolean inBlock = false;
      for (String line : Files.readString(page).replace("\\\n", " ").lines().toList()) {
        inBlock ^= line.startsWith("```");
        if (inBlock && line.startsWith("./md4 ")) {
          commands.add(line);
        }
      }
    }
    assertThat(commands).hasSizeGreaterThan(FEWEST_COMMANDS);
    return commands.stream().distinct();
  }

  /** The words of a line as a shell would split them, up to a comment, a pipe or a file. */
  private static String[] arguments(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line.substring("./md4 ".length()));
    while (word.find() && !List.of("#", "|", ">", "2>").contains(word.group())) {
      words.add(word.group().replaceAll("^(['\"])(.*)\\1$", "$2"));
    }
    return words.toArray(String[]::new);
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
