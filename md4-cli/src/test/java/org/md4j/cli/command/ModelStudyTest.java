package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.cli.CommandRun;
import org.md4j.cli.data.TextData;
import org.md4j.cli.option.TextSettings;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.study.CommonRows;
import org.md4j.cli.study.ModelRun;
import org.md4j.cli.study.ModelStudy;
import org.md4j.cli.study.StudyModel;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.cli.train.TextTraining;
import org.md4j.compute.Precision;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.TrainingNoise;
import org.md4j.objective.TrainingWeight;
import org.md4j.process.TimeLaw;
import org.md4j.train.TrainingListener;
import picocli.CommandLine;

/** The study of models on networks of width 8 that learn next to nothing. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class ModelStudyTest {
  private static final long SEED = 3;
  private static final int STEPS = 4;
  private static final int LENGTH = 16;
  private static final int BATCH = 4;
  private static final int ROWS = 48;

  private TextData text;
  private Path folder;
  private Path out;
  private List<String> table;

  @BeforeAll
  void study(@TempDir Path temporary) throws IOException {
    folder = temporary;
    out = folder.resolve("study");
    text = TextData.load(null, LENGTH);
    Locale usual = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      table = run(out, StudyModel.values()).lines().toList();
    } finally {
      Locale.setDefault(usual);
    }
  }

  @Test
  void everyModelHasItsRow() {
    String bits = "\\d\\.\\d{4} ± \\d\\.\\d{4}";
    String line = "\\| %s \\| %d \\| %d \\| [\\d,]+ \\| " + bits + " \\| %s \\| %s \\|";
    String difference = "[+-]\\d\\.\\d{4} ± \\d\\.\\d{4}";
    String powers = "\\d\\.\\d{3}, \\d\\.\\d{3}, \\d\\.\\d{3}";

    assertThat(table.subList(2, 2 + StudyModel.values().length))
        .satisfiesExactly(
            row -> assertThat(row).matches(line.formatted("md4", 4, 16, "", "")),
            row -> assertThat(row).matches(line.formatted("md4-flat", 4, 16, difference, "")),
            row -> assertThat(row).matches(line.formatted("md4-power", 4, 16, difference, "")),
            row -> assertThat(row).matches(line.formatted("md4-counts", 4, 16, difference, "")),
            row -> assertThat(row).matches(line.formatted("md4-pairs", 4, 16, difference, "")),
            row -> assertThat(row).matches(line.formatted("md4-discrete", 4, 16, difference, "")),
            row -> assertThat(row).matches(line.formatted("genmd4", 4, 32, difference, powers)),
            row ->
                assertThat(row).matches(line.formatted("genmd4-half", 2, 16, difference, powers)),
            row ->
                assertThat(row).matches(line.formatted("genmd4-single", 4, 16, difference, powers)),
            row ->
                assertThat(row)
                    .matches(
                        line.formatted("genmd4-frozen", 4, 32, difference, "1.000, 1.000, 1.000")),
            row -> assertThat(row).matches(line.formatted("sedd", 4, 16, difference, "")),
            row -> assertThat(row).matches(line.formatted("d3pm", 4, 16, difference, "")),
            row -> assertThat(row).matches(line.formatted("ar", 4, 16, difference, "")));
  }

  @Test
  void severalSeedsAreMeasuredTogetherAndGradientsAtTheParametersOfMd4() throws IOException {
    StudyModel[] models = {StudyModel.MD4, StudyModel.MD4_FLAT, StudyModel.AR};
    List<String> several =
        table(folder.resolve("seeds"), List.of(3L, 4L), 3, models).lines().toList();

    String bits = "\\d\\.\\d{4} ± \\d\\.\\d{4} \\(\\d\\.\\d{3}, \\d\\.\\d{3}\\)";
    String noise = "\\d+\\.\\d{2}, \\d+\\.\\d{2}";
    assertThat(several.get(0)).endsWith(" gradient noise |");
    assertThat(several.get(2))
        .matches("\\| md4 \\|.*\\| " + bits + " \\|  \\|  \\| " + noise + " \\|");
    assertThat(several.get(3))
        .matches("\\| md4-flat \\|.*\\| [+-]0\\.\\d{4} ± \\d\\.\\d{4} \\|  \\| " + noise + " \\|");
    assertThat(several.get(4)).startsWith("| ar |").endsWith(" |  |");
    assertThat(String.join(" ", several))
        .contains("seeds 3, 4 (each in brackets)", "over seeds", "estimated from 3 batches");
  }

  @Test
  void captionSaysHowItWasMeasured() throws IOException {
    assertThat(Files.readAllLines(out.resolve("models.md"))).isEqualTo(table);
    assertThat(String.join(" ", table))
        .contains(
            "same 48 rows of austen27.txt",
            text.validation().sha256(),
            "2 noise levels",
            "All were measured in f32; what each was trained in is in its run's command.txt");
  }

  @Test
  void curvesAreInOnePicture() throws IOException {
    assertThat(ImageIO.read(out.resolve("models.png").toFile()).getWidth()).isGreaterThan(100);
  }

  @Test
  void everyRunHasAFolderLikeAnyOther() {
    for (StudyModel model : StudyModel.values()) {
      Path run = out.resolve(model + "-seed" + SEED);
      assertThat(run).isDirectoryContaining(file -> file.endsWith("checkpoint.md4"));
      assertThat(run.resolve("samples.txt")).isNotEmptyFile();
      assertThat(Files.exists(run.resolve("schedule.png")))
          .isEqualTo(model.toString().startsWith("genmd4"));
    }
  }

  @Test
  void finishedRunsAreNotTrainedAgain() throws IOException {
    Path copy = copyOfRuns("finished", StudyModel.MD4, StudyModel.GENMD4_HALF);
    List<Path> files =
        List.of(
            copy.resolve("md4-seed3/metrics.jsonl"), copy.resolve("genmd4-half-seed3/command.txt"));
    List<String> before = List.of(Files.readString(files.get(0)), Files.readString(files.get(1)));

    List<String> again = run(copy, StudyModel.GENMD4_HALF, StudyModel.MD4).lines().toList();

    assertThat(again.subList(2, 4)).containsExactly(table.get(9), table.get(2));
    assertThat(files.stream().map(ModelStudyTest::content)).containsExactlyElementsOf(before);
  }

  @Test
  void stoppedRunGoesOnAsTheUnbrokenOneToTheBit() throws IOException {
    Path stopped = folder.resolve("stopped");
    ModelRun run = runs(stopped, StudyModel.GENMD4).get(0);
    TrainingListener stop =
        new TrainingListener() {
          @Override
          public void onCheckpoint(Path file) {
            throw new IllegalStateException("stopped");
          }
        };
    assertThatThrownBy(
            () ->
                new TextTraining(
                        run.config(),
                        RunTokenizer.OF_SYMBOLS,
                        run.folder(),
                        silent(),
                        Precision.F32,
                        List.of(stop))
                    .run(List.of(), null))
        .hasMessage("stopped");

    run(stopped, StudyModel.GENMD4);

    assertThat(run.folder().checkpoint())
        .hasSameBinaryContentAs(out.resolve("genmd4-seed3/checkpoint.md4"));
    assertThat(Files.readString(run.folder().command())).contains("study models");
  }

  @Test
  void runStoppedBeforeItsFirstCheckpointStartsAnew() throws IOException {
    ModelRun run = runs(folder.resolve("early"), StudyModel.AR).get(0);
    Files.createDirectories(run.folder().path());
    run.folder().write(run.config());

    run(folder.resolve("early"), StudyModel.AR);

    assertThat(run.folder().checkpoint())
        .hasSameBinaryContentAs(out.resolve("ar-seed3/checkpoint.md4"));
  }

  @Test
  void runsOfOtherSettingsAreRefusedBeforeAnythingIsTrained() throws IOException {
    Path other = folder.resolve("other");
    ModelRun half = runs(other, StudyModel.GENMD4_HALF).get(0);
    Files.createDirectories(other.resolve("genmd4-seed3"));
    new RunFolder(other.resolve("genmd4-seed3")).write(half.config());

    assertThatThrownBy(() -> run(other, StudyModel.MD4, StudyModel.GENMD4))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("genmd4")
        .hasMessageContaining("its settings is");
    assertThat(other.resolve("md4-seed3")).doesNotExist();
  }

  @Test
  void foldersOfSomethingElseAreRefused() throws IOException {
    Path other = folder.resolve("else");
    Files.createDirectories(other.resolve("sedd-seed3"));
    Files.writeString(other.resolve("sedd-seed3/notes.txt"), "mine");

    assertThatThrownBy(() -> run(other, StudyModel.SEDD))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("must be new, empty or a run's");
  }

  @Test
  void settingsAreThoseOfTrainText() {
    StudyModelsCommand command =
        CommandLine.populateCommand(
            new StudyModelsCommand(silent()),
            "--out=x",
            "--steps=30",
            "--preset=tiny",
            "--seeds=5,6");

    List<ModelRun> runs = command.runs();

    List<StudyModel> models =
        List.of(
            StudyModel.MD4,
            StudyModel.GENMD4,
            StudyModel.GENMD4_HALF,
            StudyModel.GENMD4_SINGLE,
            StudyModel.SEDD,
            StudyModel.D3PM,
            StudyModel.AR);
    assertThat(runs.subList(0, 7)).extracting(ModelRun::model).containsExactlyElementsOf(models);
    assertThat(runs.subList(7, 14)).extracting(ModelRun::model).containsExactlyElementsOf(models);
    assertThat(runs)
        .extracting(run -> run.folder().path().toString())
        .contains("x/genmd4-half-seed5", "x/ar-seed6");
    assertThat(runs.get(2).config())
        .isEqualTo(
            CommandLine.populateCommand(
                    new TextSettings(), "--model=genmd4", "--steps=15", "--preset=tiny", "--seed=5")
                .config(null));
    assertThat(runs.get(3).config())
        .isEqualTo(
            CommandLine.populateCommand(
                    new TextSettings(),
                    "--model=genmd4",
                    "--mask-samples=single",
                    "--steps=30",
                    "--preset=tiny",
                    "--seed=5")
                .config(null));
    assertThat(runs.get(6).config())
        .isEqualTo(
            CommandLine.populateCommand(
                    new TextSettings(), "--model=ar", "--steps=30", "--preset=tiny", "--seed=5")
                .config(null));
  }

  @Test
  void paperNoiseLeavesAModelWhatItIsAbout() {
    StudyModelsCommand command =
        CommandLine.populateCommand(
            new StudyModelsCommand(silent()),
            "--out=x",
            "--preset=tiny",
            "--models=md4,md4-flat,md4-power,md4-counts,d3pm,ar",
            "--paper-noise");
    TrainingNoise paper = TrainingNoise.paper();

    assertThat(command.runs())
        .extracting(run -> run.config().trainer().noise())
        .containsExactly(
            paper,
            paper.withWeight(TrainingWeight.flat(2)),
            paper.withTimes(TimeLaw.power(1)),
            paper.withMaskCounts(true),
            paper,
            paper);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--draws=0                 | --draws (0) must be at least 1",
        "--rows=1000               | --rows (1000) must be a multiple of 16",
        "--rows=16                 | --rows (16) must be",
        "--rows=16000000           | --rows (16000000) must be",
        "--steps=7                 | --steps (7) must be even for genmd4-half",
        "--steps=0                 | --steps (0) must be at least 1",
        "--models=best             | 'best' must be one of md4, md4-flat, md4-power, md4-counts,"
            + " md4-pairs, md4-discrete, genmd4, genmd4-half, genmd4-single, genmd4-frozen, sedd, d3pm, ar",
        "--seeds=one               | --seeds",
        "--gradients=1             | --gradients (1) must be 0, or at least 2 batches",
        "--gradients=-4            | --gradients (-4) must be 0, or at least 2 batches",
        "--gradients=8 --models=ar | --gradients needs md4 as the first of --models",
        "--preset=huge             | 'huge' must be one of tiny",
        "--data=none.txt           | none.txt"
      })
  void mistakesAreOneLineAndWriteNothing(String argument, String expected) {
    Path nothing = folder.resolve("nothing");

    CommandRun refused =
        CommandRun.of(
            Stream.concat(
                    Stream.of("study", "models", "--out=" + nothing),
                    Arrays.stream(argument.split(" ")))
                .toArray(String[]::new));

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines()).singleElement().asString().contains(expected);
    assertThat(nothing).doesNotExist();
  }

  /** Runs a study and returns its table. */
  private String run(Path folder, StudyModel... models) throws IOException {
    return table(folder, List.of(SEED), 0, models);
  }

  private String table(Path folder, List<Long> seeds, int gradientBatches, StudyModel... models)
      throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    CommonRows measured = new CommonRows(text.validation(), ROWS, 2, SEED);
    new ModelStudy(
            seeds.stream().flatMap(seed -> runs(folder, seed, models).stream()).toList(),
            text,
            measured,
            Precision.F32,
            gradientBatches,
            folder,
            Terminal.plain(new PrintStream(output, true, StandardCharsets.UTF_8), silent().err()))
        .run(List.of("study", "models"));
    return output.toString(StandardCharsets.UTF_8);
  }

  private static List<ModelRun> runs(Path folder, StudyModel... models) {
    return runs(folder, SEED, models);
  }

  private static List<ModelRun> runs(Path folder, long seed, StudyModel... models) {
    return Arrays.stream(models)
        .map(
            model ->
                new ModelRun(
                    model,
                    new RunFolder(folder.resolve(model + "-seed" + seed)),
                    config(model, seed)))
        .toList();
  }

  /** What the command line would train, with a network of width 8 and a small batch. */
  private static TextRunConfig config(StudyModel model, long seed) {
    TextRunConfig typed =
        CommandLine.populateCommand(
                new TextSettings(),
                Stream.concat(model.arguments().stream(), Stream.of("--preset=peer"))
                    .toArray(String[]::new))
            .config(null);
    return new TextRunConfig(
        "test",
        typed.model(),
        typed.maskSamples(),
        null,
        null,
        typed
            .model()
            .network(TransformerConfig.builder(27, LENGTH).layers(1).heads(1).headSize(8).build()),
        typed.trainer().toBuilder()
            .steps(STEPS / model.stepsDivisor())
            .batchSize(BATCH)
            .optimizer(adamW -> adamW.learningRate(0.01).warmupSteps(1).emaRate(0.5))
            .evaluation(evaluation -> evaluation.every(1).rows(32))
            .checkpoints(checkpoints -> checkpoints.every(2))
            .replicas(1)
            .seed(seed)
            .build());
  }

  private Path copyOfRuns(String name, StudyModel... models) throws IOException {
    Path copy = folder.resolve(name);
    for (StudyModel model : models) {
      Path target = Files.createDirectories(copy.resolve(model + "-seed" + SEED));
      try (var files = Files.list(out.resolve(model + "-seed" + SEED))) {
        for (Path file : files.toList()) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
    }
    return copy;
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Terminal silent() {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return Terminal.plain(nowhere, nowhere);
  }
}
