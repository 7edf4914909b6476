package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.cli.CommandRun;
import org.md4j.compute.Precision;
import org.md4j.diffusion.Model;
import org.md4j.train.TrainerConfig;

/** What {@code --precision} does, on a machine that multiplies bf16 and on one that does not. */
class PrecisionTest {
  private static final String FASTEST = Precision.fastest().name().toLowerCase(Locale.ROOT);
  private static final String SLOW_HERE = "md4 knows no faster product of bf16";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train text",
        "train image",
        "sample",
        "infill",
        "quality",
        "benchmark",
        "study sampling",
        "study speed",
        "study images"
      })
  void whatTrainsOrDrawsTakesTheFastest(String command) {
    assertThat(helpOfPrecision(command)).contains("Default: auto (f32 where");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "study infill", "study models"})
  void likelihoodsThatAreReportedAreInF32(String command) {
    assertThat(helpOfPrecision(command)).contains("Default: f32 (f32 where");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.02 | ; the standard error wanted is --standard-error (see",
        "1e-3 | ; the standard error wanted is --standard-error (see",
        "fp16 | ' (see'",
        "f33  | ' (see'"
      })
  void anotherPrecisionIsAMistakeInOneLine(String given, String rest) {
    CommandRun refused = CommandRun.of("evaluate", folder.toString(), "--precision", given);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines())
        .singleElement()
        .asString()
        .startsWith(
            "md4 evaluate: --precision (%s) must be f32, bf16 or auto%s".formatted(given, rest));
  }

  @Test
  void aRunGoesOnAndIsUsedInEitherPrecision() throws IOException {
    Path run = TinyRun.in(folder.resolve("run"), null);

    CommandRun resumed = of("train", "text", "--resume=" + run, "--precision=bf16", "--json");
    assertThat(resumed.err()).contains("bf16");
    assertSaysIfSlow(resumed, "bf16");
    assertThat(Files.readString(run.resolve("command.txt"))).containsSubsequence("f32", "bf16");
    assertThat(of("train", "text", "--resume=" + run).err()).doesNotContain(SLOW_HERE);

    assertSaysIfSlow(of("evaluate", run.toString(), "--json", "--standard-error=0.1"), "f32");
    assertSaysIfSlow(
        of("evaluate", run.toString(), "--json", "--standard-error=0.1", "--precision=bf16"),
        "bf16");
    assertSaysIfSlow(of("sample", run.toString(), "--json", "--steps=2", "--length=16"), FASTEST);
    assertSaysIfSlow(
        of("sample", run.toString(), "--json", "--steps=2", "--length=16", "--precision=bf16"),
        "bf16");
    assertSaysIfSlow(of("infill", run.toString(), "a__", "--json", "--precision=f32"), "f32");
  }

  @Tag("slow")
  @Test
  void picturesAreTrainedDrawnAndFilledInInBf16() throws IOException {
    Path run = folder.resolve("run");
    TrainerConfig trainer =
        TrainerConfig.builder(4, 4, 1e-2)
            .optimizer(adamW -> adamW.warmupSteps(2).emaRate(0.9))
            .evaluation(evaluation -> evaluation.rows(2))
            .checkpoints(checkpoints -> checkpoints.every(2))
            .replicas(1)
            .build();
    TinyImageRun.in(
        folder.resolve("unbroken"),
        TinyImageRun.config(
            Model.MD4,
            TinyPictures.in(folder.resolve("data"), 40),
            null,
            List.of("dark", "light"),
            trainer),
        StoppedRun.copyAtFirstCheckpoint(run));
    Path image = TinyPictures.one(folder.resolve("given.png"), TinyPictures.SIDE, 1);
    Path drawn = folder.resolve("drawn.png");
    Path filled = folder.resolve("filled.png");

    assertSaysIfSlow(of("train", "image", "--resume=" + run, "--precision=bf16", "--json"), "bf16");
    assertSaysIfSlow(
        of(
            "sample",
            run.toString(),
            "--count=1",
            "--steps=2",
            "--class=light",
            "--guidance=1",
            "--out=" + drawn,
            "--precision=bf16",
            "--json"),
        "bf16");
    assertSaysIfSlow(
        of(
            "infill",
            run.toString(),
            "--image=" + image,
            "--rectangle=1,1,2,2",
            "--count=1",
            "--steps=2",
            "--out=" + filled,
            "--precision=bf16",
            "--json"),
        "bf16");

    assertThat(run.resolve("checkpoint.md4"))
        .isNotEmptyFile()
        .satisfies(
            file ->
                assertThat(Files.mismatch(file, folder.resolve("unbroken/checkpoint.md4")))
                    .isNotNegative());
    assertThat(List.of(drawn, filled)).allSatisfy(file -> assertThat(file).isNotEmptyFile());
  }

  private static String helpOfPrecision(String command) {
    String help = CommandRun.of((command + " --help").split(" ", -1)).out().replaceAll("\\s+", " ");
    return help.substring(help.indexOf("--precision"));
  }

  private static CommandRun of(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  /** Checks the precision of a command's line of JSON, and that a slow one was announced. */
  private static void assertSaysIfSlow(CommandRun run, String precision) throws IOException {
    List<String> lines = run.outLines();
    JsonNode json = new ObjectMapper().readTree(lines.get(lines.size() - 1));

    assertThat(json.get("precision").asText()).isEqualTo(precision);
    assertThat(run.err().contains(SLOW_HERE))
        .isEqualTo(precision.equals("bf16") && FASTEST.equals("f32"));
  }
}
