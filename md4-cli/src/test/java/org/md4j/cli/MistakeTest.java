package org.md4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.cli.command.TinyPictures;

/** Every mistake of a user's is one clear line, exit code 2, and nothing written. */
class MistakeTest {
  private static final int MISTAKE = 2;

  @TempDir private Path folder;
  private Path out;

  @BeforeEach
  void nameRunFolder() {
    out = folder.resolve("run");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--steps=0           | --steps (0) must be at least 1",
        "--steps=many        | 'many'",
        "--batch=0           | --batch (0) must be at least 1",
        "--length=0          | --length (0)",
        "--length=1000000    | shorter length",
        "--length=150000     | memory needed (",
        "--preset=text8 --length=150000 | memory needed (",
        "--learning-rate=-1  | --learning-rate (-1.0)",
        "--warmup=-1         | --warmup (-1)",
        "--ema=1             | --ema (1.0)",
        "--eval-every=-1     | --eval-every (-1)",
        "--eval-rows=-1      | --eval-rows (-1)",
        "--seed=x            | 'x'",
        "--precision=fp16    | --precision (fp16) must be f32, bf16 or auto (see",
        "--preset=huge       | tiny, peer, mini, words-mini, text8",
        "--dat=x             | --dat",
        "--data=no-such.txt  | no-such.txt",
        "--resume=no-such    | --out cannot be changed by --resume",
        "--model=gpt         | md4, md4-discrete, genmd4, sedd, d3pm, ar",
        "--mask-samples=pair | --mask-samples is of no use to --model md4",
        "--schedule-rate=2   | --schedule-rate is of no use to --model md4",
        "--schedule-decay    | --schedule-decay is of no use to --model md4",
        "--schedule-frozen   | --schedule-frozen is of no use to --model md4",
        "surplus             | surplus"
      })
  void wrongOptionOfTrainText(String option, String expected) {
    String line = "train text " + option + " --out=" + out;
    rejects(CommandRun.of(line.split(" ", -1)), expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--steps=0           | --steps (0) must be at least 1",
        "--preset=tiny       | fashion, small32, small64, cifar10",
        "--preset=cifar10    | --preset cifar10 needs --data",
        "--preset=imagenet64 | --preset imagenet64 needs --data",
        "--preset=small64    | --preset small64 needs --data",
        "--data=no-such      | no-such",
        "--valid=no-such     | --valid is of no use without --data",
        "--crop              | --crop is of no use without --data",
        "--model=sedd        | md4, genmd4",
        "--mask-samples=pair | --mask-samples is of no use to --model md4",
        "--length=4          | --length",
        "--short-convolution=4 | --short-convolution (4) must be 0 for none, or odd and at most 31",
        "--resume=no-such    | --out cannot be changed by --resume",
        "surplus             | surplus"
      })
  void wrongOptionOfTrainImage(String option, String expected) {
    rejects(CommandRun.of("train", "image", option, "--out=" + out), expected);
  }

  @Test
  void dataThatIsNoSetOfPictures() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "no picture");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    rejects(CommandRun.of("train", "image", "--data=" + text, "--out=" + out), "text.txt");
    rejects(CommandRun.of("train", "image", "--data=" + empty, "--out=" + out), "empty");
    Path odd = Files.createDirectory(folder.resolve("odd"));
    for (int i = 0; i < 4; i++) {
      TinyPictures.one(odd.resolve(i + ".png"), 7, i);
    }
    rejects(CommandRun.of("train", "image", "--data=" + odd, "--out=" + out), "use --crop");
    rejects(
        CommandRun.of("train", "image", "--data=" + odd, "--classes", "--crop", "--out=" + out),
        "--classes needs pictures with classes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--count=0    | --count (0)",
        "--length=0   | --length (0)",
        "--steps=0    | --steps (0)",
        "--seed=x     | 'x'",
        "--no-such    | --no-such"
      })
  void wrongOptionOfSample(String option, String expected) {
    rejects(CommandRun.of("sample", folder.toString(), option), expected);
  }

  @Test
  void emptyDataFile() throws IOException {
    rejectsData(Files.writeString(folder.resolve("empty.txt"), ""), "must hold text");
  }

  @Test
  void dataFileWithOtherSymbols() throws IOException {
    rejectsData(Files.writeString(folder.resolve("cased.txt"), "it was The best"), "'T'");
  }

  @Test
  void binaryDataFile() throws IOException {
    rejectsData(Files.write(folder.resolve("noise.txt"), new byte[] {0, 1, 2, 3}), "0x00");
  }

  @Test
  void dataFileThatIsNoArchive() throws IOException {
    rejectsData(Files.writeString(folder.resolve("text8.gz"), "not packed at all"), "text8.gz");
    rejectsData(Files.writeString(folder.resolve("text8.zip"), "not packed at all"), "text8.zip");
  }

  @Test
  void dataFileShorterThanOneRow() throws IOException {
    rejectsData(Files.writeString(folder.resolve("short.txt"), "a few words"), "length");
  }

  @Test
  void runFolderThatIsNotEmpty() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("thesis.txt"), "years of work");

    CommandRun run = CommandRun.of("train", "text", "--out=" + out);

    assertThat(run.exitCode()).isEqualTo(MISTAKE);
    assertThat(run.errLines()).singleElement().asString().contains("--out", "--resume");
    assertThat(out).isDirectoryNotContaining(file -> !file.endsWith("thesis.txt"));
  }

  @ParameterizedTest
  @CsvSource({
    "train text",
    "train image",
    "study models",
    "study sampling no-run",
    "study images no-run --features=none.onnx"
  })
  void outFolderWithAFileInTheWay(String command) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Files.writeString(folder.resolve("none.onnx"), "");
    for (Path in : List.of(file, file.resolve("run"), file.resolve("of/a/run"))) {
      String arguments = command.replace("none.onnx", folder.resolve("none.onnx").toString());

      rejects(
          CommandRun.of((arguments + " --out=" + in).split(" ", -1)),
          in.equals(file)
              ? "--out (" + in + ") must be a folder, got a file"
              : "--out (" + in + ") must be in a folder, got the file " + file);

      assertThat(file).isRegularFile();
    }
  }

  @Test
  void resumingWhatIsNoRun() {
    rejects(
        CommandRun.of("train", "text", "--resume=" + folder),
        "must be that of a run, with its settings in config.json");
    rejects(CommandRun.of("train", "text", "--resume=" + out), "existing folder");
  }

  @Test
  void corruptCheckpoint() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(folder.resolve("checkpoint.md4"), "this is no checkpoint");

    rejects(CommandRun.of("sample", folder.toString()), "checkpoint.md4");
    rejects(CommandRun.of("infill", folder.toString(), "a_"), "checkpoint.md4");
    rejects(CommandRun.of("evaluate", folder.toString()), "checkpoint.md4");
    rejects(CommandRun.of("quality", folder.toString()), "kind image");
    rejects(CommandRun.of("train", "text", "--resume=" + folder), "config.json");
    Files.writeString(folder.resolve("config.json"), "{\"kind\": \"image\"}");
    rejects(CommandRun.of("quality", folder.toString()), "config.json cannot be understood");
    rejects(
        CommandRun.of("study", "images", folder.toString(), "--out=" + out),
        "config.json cannot be understood");
  }

  @Test
  void missingCommandOrRun() {
    rejects(CommandRun.of(), "subcommand");
    rejects(CommandRun.of("train"), "subcommand");
    rejects(CommandRun.of("sample"), "RUN");
    rejects(CommandRun.of("quality"), "RUN");
    rejects(CommandRun.of("study", "images", "run"), "--out");
    rejects(CommandRun.of("tarin"), "tarin");
  }

  private void rejectsData(Path data, String expected) {
    rejects(CommandRun.of("train", "text", "--data=" + data, "--out=" + out), expected);
  }

  private void rejects(CommandRun run, String expected) {
    assertThat(run.exitCode()).isEqualTo(MISTAKE);
    assertThat(run.errLines()).singleElement().asString().startsWith("md4").contains(expected);
    assertThat(run.out()).isEmpty();
    assertThat(out).doesNotExist();
  }
}
