package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.cli.CommandRun;
import org.md4j.cli.data.ImageSets;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.run.RunFolder;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.diffusion.Fit;
import org.md4j.diffusion.Model;
import org.md4j.likelihood.LikelihoodEstimator;
import org.md4j.likelihood.LikelihoodProtocol;
import org.md4j.likelihood.PolicyLikelihood;
import org.md4j.likelihood.UnmaskingPolicy;
import org.md4j.model.TrainableDenoiser;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.train.Checkpoint;
import org.md4j.train.Trainer;
import org.md4j.train.TrainerConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** What {@code evaluate} says of class-conditional runs, beside what their pictures say. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class ClassLikelihoodTest {
  /** Rows asked about together or by themselves, in 32 bits. */
  private static final double ROUNDING = 1e-4;

  private static final int NULL_LABEL = 2;
  private static final int PICTURES = 64;
  private static final int EXACT_ROWS = 3;

  private Path folder;
  private Path data;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    folder = temporary;
    data = TinyPictures.in(folder.resolve("data"), PICTURES);
    for (Model model : List.of(Model.MD4, Model.GENMD4)) {
      train(model);
    }
  }

  /** From a start that is far from zero, so that labels make a difference without long training. */
  private void train(Model model) throws IOException {
    ImageRunConfig config = config(model);
    RunFolder run = new RunFolder(run(model));
    Files.createDirectories(run.path());
    run.write(config);
    TrainableDenoiser network = config.network().create(1);
    int count = (int) network.parameters().length();
    double[] noise = new double[count];
    new CounterRandom(2).uniforms(Purpose.INITIALISATION, 0).fill(0, 0, noise, 0, count);
    network.parameters().addi(Nd4j.createFromArray(noise).castTo(DataType.FLOAT).subi(0.5));
    try (ImageSets sets = ImageSets.of(config);
        Trainer trainer =
            new Trainer(
                network,
                config.objective(),
                sets.training(),
                sets.validation(),
                config.trainer(),
                List.of())) {
      trainer.checkpointTo(run.checkpoint());
      trainer.train();
    }
  }

  private ImageRunConfig config(Model model) {
    return TinyImageRun.config(
        model,
        data,
        data,
        List.of("dark", "light"),
        TrainerConfig.builder(1, 4, 1e-3)
            .optimizer(adamW -> adamW.emaRate(0.5))
            .evaluation(evaluation -> evaluation.rows(32))
            .replicas(1)
            .build());
  }

  private Path run(Model model) {
    return folder.resolve(model.toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = Model.class,
      names = {"MD4", "GENMD4"})
  void isThatOfThePicturesGivenTheirClasses(Model model) throws IOException {
    CommandRun told = evaluate(model, "--draws=2", "--max-evaluations=256");

    assertThat(json(told).get("protocol").asText()).endsWith(", given the classes");
    assertThat(told.err()).doesNotContain("classes");
    double bits = json(told).get("bits_per_dimension").asDouble();
    assertThat(bits).isCloseTo(bound(model, ClassLikelihoodTest::label), within(ROUNDING));
    assertThat(bits).isNotCloseTo(bound(model, picture -> NULL_LABEL), within(10 * ROUNDING));
  }

  @Test
  void exactLikelihoodsAreGivenTheClassesToo() throws IOException {
    JsonNode exact =
        json(
            evaluate(
                Model.MD4,
                "--max-evaluations=64",
                "--exact-orders=2",
                "--policy=left-to-right",
                "--rows=" + EXACT_ROWS));

    double bits = exact.at("/exact/3/bits_per_dimension").asDouble();
    assertThat(bits).isCloseTo(leftToRight(ClassLikelihoodTest::label), within(ROUNDING));
    assertThat(bits).isNotCloseTo(leftToRight(picture -> NULL_LABEL), within(10 * ROUNDING));
    assertThat(exact.at("/exact/0/bits_per_dimension").asDouble())
        .as("in other orders")
        .isBetween(bits / 2, bits * 2);
  }

  @Test
  void picturesWithoutClassesAreMeasuredWithoutAndItIsSaid() throws IOException {
    CommandRun untold = evaluate(Model.MD4, "--max-evaluations=64", "--data=" + flat());

    assertThat(json(untold).get("protocol").asText()).endsWith(", told no classes");
    assertThat(untold.errLines())
        .filteredOn(line -> line.contains("classes"))
        .containsExactly(
            "the network is told no classes: the pictures have none, or not those of the run");
  }

  @Test
  void aClassThatTheRunDoesNotKnowIsNamed() throws IOException {
    Path other = folder.resolve("other");
    TinyPictures.in(other, 6);
    Files.move(other.resolve("light"), other.resolve("pale"));

    CommandRun refused = CommandRun.of("evaluate", run(Model.MD4).toString(), "--data=" + other);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines())
        .containsExactly(
            "md4 evaluate: classes of other must be among the 2 known, got pale, which is not;"
                + " known are dark, light");
  }

  /** The bound of the held-out pictures under labels that are made here, bits a dimension. */
  private double bound(Model model, ToIntFunction<int[]> label) throws IOException {
    Checkpoint checkpoint = checkpoint(model);
    LikelihoodProtocol protocol =
        new LikelihoodProtocol(new Fit(checkpoint.averagedObjective()).inTime(), 1, 2);
    return new LikelihoodEstimator(
            checkpoint.averagedNetwork(),
            labelled(pictures(), label),
            protocol,
            new CounterRandom(0))
        .estimate(256)
        .bitsPerToken();
  }

  /** What some of them cost from left to right, each alone, its label put into every question. */
  private double leftToRight(ToIntFunction<int[]> label) throws IOException {
    Denoiser network = checkpoint(Model.MD4).averagedNetwork();
    TokenBatch pictures = pictures();
    double nats = 0;
    for (int i = 0; i < EXACT_ROWS; i++) {
      int[] picture = pictures.row(i * PICTURES / EXACT_ROWS);
      Denoiser told =
          input -> {
            int[] labels = new int[input.tokens().rows()];
            Arrays.fill(labels, label.applyAsInt(picture));
            return network.logits(
                new DenoiserInput(
                    input.rows().withLabels(labels), input.times(), input.positions()));
          };
      nats +=
          new PolicyLikelihood(told, MaskingSchedule.reference(), UnmaskingPolicy.leftToRight(1))
              .of(Rows.of(TokenBatch.of(pictures.vocabulary(), picture)))
              .nats()[0];
    }
    return nats / (EXACT_ROWS * pictures.length() * Math.log(2));
  }

  /** As anyone can see: 0 for dark, 1 for light. */
  private static int label(int[] picture) {
    return picture[0] < 128 ? 0 : 1;
  }

  private static RowSource labelled(TokenBatch pictures, ToIntFunction<int[]> label) {
    return RowSource.of(
        "rows",
        Rows.of(pictures)
            .withLabels(
                IntStream.range(0, pictures.rows())
                    .map(row -> label.applyAsInt(pictures.row(row)))
                    .toArray()));
  }

  private Checkpoint checkpoint(Model model) {
    return Checkpoint.read(new RunFolder(run(model)).checkpoint());
  }

  private TokenBatch pictures() {
    try (ImageSets sets = ImageSets.of(config(Model.MD4))) {
      return sets.validation().rows(LongStream.range(0, PICTURES).toArray()).tokens();
    }
  }

  /** The same pictures in one folder. */
  private Path flat() throws IOException {
    Path flat = Files.createDirectories(folder.resolve("flat"));
    for (int i = 0; i < PICTURES; i++) {
      TinyPictures.one(flat.resolve(i + ".png"), TinyPictures.SIDE, i);
    }
    return flat;
  }

  private CommandRun evaluate(Model model, String... options) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(
                    "evaluate",
                    run(model).toString(),
                    "--json",
                    "--protocol=stratified-time",
                    "--standard-error=1e-9"),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private static JsonNode json(CommandRun measured) throws IOException {
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    return new ObjectMapper().readTree(measured.out());
  }
}
