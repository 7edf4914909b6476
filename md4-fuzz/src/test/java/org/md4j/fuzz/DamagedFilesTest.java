package org.md4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.data.DataException;
import org.md4j.train.CheckpointException;

/** What of fuzzing every build does: seeded damages of a sound file of each form. */
@Tag("slow")
class DamagedFilesTest {
  /** Files damaged a form; {@code -Dmd4.damages=100000} for more. */
  private static final int DAMAGES = Integer.getInteger("md4.damages", 300);

  private static final int MOST_PRINTED = 4096;
  private static final Path REFUSALS =
      Path.of("src", "test", "resources", "org", "md4j", "fuzz", "refusals.txt");

  /** Lines of a form in the file of refusals. */
  private static final int EACH = 6;

  private static final Set<FileForm> OWN_WORDS =
      EnumSet.of(
          FileForm.IDX_IMAGES,
          FileForm.IDX_LABELS,
          FileForm.CIFAR_BINARY,
          FileForm.CIFAR_PICKLE,
          FileForm.NPY_DATA,
          FileForm.NPY_LABELS,
          FileForm.LABELS_TSV,
          FileForm.VAL_ANNOTATIONS,
          FileForm.JSON_LINES,
          FileForm.QUESTIONS,
          FileForm.TOKENIZER,
          FileForm.TEMPLATES,
          FileForm.SHARDS,
          FileForm.SHARD_TOKENS,
          FileForm.STATISTICS_HEADER);

  @ParameterizedTest
  @EnumSource(names = "ONNX", mode = EnumSource.Mode.EXCLUDE) // Its example is no model.
  void aSoundFileIsRead(FileForm form) {
    byte[] example = form.example();

    assertThatCode(() -> form.read(example)).doesNotThrowAnyException();
    form.check(example);
  }

  /**
   * Holds refusals to their whole line. {@code -Dmd4.refusals=rewrite} writes the lines anew, to be
   * read before they are committed. Left out are forms whose lines are the Java platform's own or
   * whose examples depend on the machine.
   */
  @Test
  void refusalsAreAsWritten() throws IOException {
    if (System.getProperty("md4.refusals", "").equals("rewrite")) {
      Files.write(REFUSALS, written());
    }
    List<String> lines = Files.readAllLines(REFUSALS);

    assertThat(lines).hasSizeGreaterThanOrEqualTo(60);
    assertThat(lines).allSatisfy(line -> assertThat(again(line)).isEqualTo(line));
  }

  private static String again(String line) {
    String[] parts = line.split(" ", 3);
    FileForm form = FileForm.valueOf(parts[0]);
    return refusal(form, Integer.parseInt(parts[1]))
        .map(message -> "%s %s %s".formatted(parts[0], parts[1], message))
        .orElse("it was read");
  }

  private static List<String> written() {
    List<String> lines = new ArrayList<>();
    for (FileForm form : OWN_WORDS) {
      Set<String> kinds = new HashSet<>();
      for (int seed = 0; seed < DAMAGES && kinds.size() < EACH; seed++) {
        int number = seed;
        refusal(form, seed)
            .filter(message -> kinds.add(message.replaceAll("\\P{L}.*?\\b", "")))
            .ifPresent(message -> lines.add("%s %d %s".formatted(form, number, message)));
      }
    }
    return lines;
  }

  /** What a damaged file is refused with, without the folder that this run chose. */
  private static Optional<String> refusal(FileForm form, int seed) {
    try {
      form.read(new Damage(seed).of(form.example()));
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (DataException | CheckpointException | Readers.CommandFailure e) {
      String message = String.valueOf(e.getMessage());
      return Optional.of(message.replaceAll("[^\\s(]*md4-fuzz-\\d+/[A-Z_]+", "FOLDER"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedFileIsReadOrRefusedInOneLine(FileForm form) {
    byte[] example = form.example();
    for (int seed = 0; seed < DAMAGES; seed++) {
      byte[] damaged = new Damage(seed).of(example);
      try {
        form.check(damaged);
      } catch (RuntimeException | AssertionError e) {
        String hex = HexFormat.of().formatHex(damaged, 0, Math.min(damaged.length, MOST_PRINTED));
        throw new AssertionError("%s, seed %d: %s of %s".formatted(form, seed, e, hex), e);
      }
    }
  }
}
