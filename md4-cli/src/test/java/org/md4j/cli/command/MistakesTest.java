package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.cli.CommandRun;
import org.md4j.diffusion.Model;
import org.md4j.train.TrainerConfig;

/**
 * Command lines that are mistakes, in {@code mistakes.txt} each with the whole of the one line that
 * answers it. {@code HERE} stands for a folder with a run of text, TEXT, and one of pictures,
 * PICTURES.
 *
 * <p>After a change of words, {@code -Dmd4.mistakes=rewrite} writes the file anew, to be read.
 */
@Tag("slow")
class MistakesTest {
  private static final Path TABLE = Path.of("src/test/resources/org/md4j/cli/mistakes.txt");
  private static final String PROMPT = "$ ";
  private static final int FEWEST = 120;
  private static final int PATIENCE_SECONDS = 25;

  @TempDir private static Path folder;

  /** A command line and what it prints. */
  private record Mistake(String line, String answer) {}

  @BeforeAll
  static void train() throws IOException {
    TinyRun.in(folder.resolve("TEXT"), null);
    Path data = TinyPictures.in(folder.resolve("data"), 8);
    TinyImageRun.in(
        folder.resolve("PICTURES"),
        TinyImageRun.config(
            Model.MD4,
            data,
            data,
            List.of(),
            TrainerConfig.builder(2, 4, 0.01)
                .evaluation(evaluation -> evaluation.rows(4))
                .replicas(1)
                .build()));
    Files.writeString(folder.resolve("text.txt"), "a text that is too short");
    Files.writeString(folder.resolve("capital.txt"), "Not of these symbols");
    Files.createDirectory(folder.resolve("empty"));
    if (System.getProperty("md4.mistakes", "").equals("rewrite")) {
      rewrite();
    }
  }

  static Stream<Arguments> mistakes() throws IOException {
    return read().stream().map(mistake -> Arguments.of(mistake.line(), mistake.answer()));
  }

  @Timeout(PATIENCE_SECONDS) // What is no mistake would train for minutes.
  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void isAnsweredInOneLine(String line, String answer) throws IOException {
    List<Path> before = files();

    CommandRun run = run(line);

    assertThat(run.errLines()).containsExactly(answer.replace("HERE", folder.toString()));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void thereAreEnoughAndNoneTwice() throws IOException {
    assertThat(read()).hasSizeGreaterThanOrEqualTo(FEWEST).doesNotHaveDuplicates();
  }

  private static CommandRun run(String line) {
    return CommandRun.of(line.replace("HERE", folder.toString()).split(" ", -1));
  }

  /** Runs a command that may turn out to be no mistake: a training stops when it is interrupted. */
  private static CommandRun runBriefly(String line) {
    Timer clock = new Timer(true);
    Thread caller = Thread.currentThread();
    clock.schedule(
        new TimerTask() {
          @Override
          public void run() {
            caller.interrupt();
          }
        },
        TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    try {
      return run(line);
    } finally {
      clock.cancel();
      Thread.interrupted();
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted().toList();
    }
  }

  private static List<Mistake> read() throws IOException {
    List<Mistake> mistakes = new ArrayList<>();
    String line = "";
    for (String text : Files.readAllLines(TABLE)) {
      if (text.startsWith(PROMPT)) {
        line = text.substring(PROMPT.length());
      } else if (!text.isEmpty()) {
        mistakes.add(new Mistake(line, text));
      }
    }
    return mistakes;
  }

  private static void rewrite() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String text : Files.readAllLines(TABLE)) {
      if (text.startsWith(PROMPT)) {
        CommandRun run = runBriefly(text.substring(PROMPT.length()));
        lines.add(text);
        String answer = String.join(" // ", run.errLines()).replace(folder.toString(), "HERE");
        lines.add(run.exitCode() == 2 ? answer : "EXIT " + run.exitCode() + " " + answer);
        lines.add("");
      }
    }
    Files.write(TABLE, lines);
  }
}
