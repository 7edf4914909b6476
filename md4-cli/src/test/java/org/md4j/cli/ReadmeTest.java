package org.md4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** README says what is so: its example is the one that is run. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Path EXAMPLE =
      ROOT.resolve("md4-examples/src/main/java/org/md4j/examples/Example.java");
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

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static String only(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
