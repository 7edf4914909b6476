package org.md4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.data.TokenSequence;
import org.md4j.data.image.ImageFile;
import org.md4j.data.image.ImageShape;
import org.md4j.data.text.TextFile;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Training;
import org.md4j.likelihood.LikelihoodEstimate;
import org.md4j.likelihood.PairedComparison;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.text.TransformerConfig;
import org.md4j.schedule.ClippedSchedule;
import org.md4j.train.Checkpoint;
import org.md4j.train.ImagePreset;
import org.md4j.train.TextPreset;
import org.md4j.train.TrainerConfig;

/** Every example does what it says, at a tiny size. */
class ExamplesTest {
  private static final int LENGTH = 16;
  private static final String SENTENCE = "the cat sat on the mat and the dog ";
  private static final TokenSequence TEXT = text(SENTENCE.repeat(100));
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(27, LENGTH).layers(1).heads(1).headSize(8).build();
  private static final TextPreset TINY =
      new TextPreset("tiny", NETWORK, TrainerConfig.builder(2, 4, 1e-3).build());

  /** What equally likely letters cost, in bits, and some more: no network here has learned much. */
  private static final double MOST_BITS = 6;

  @TempDir private static Path models;
  @TempDir private Path folder;

  @BeforeAll
  static void trainTwoModels() {
    for (int steps : new int[] {1, 40}) {
      Training training = Training.of(TrainerConfig.builder(steps, 8, 1e-2).build());
      try (MaskedDiffusion model = MaskedDiffusion.train(TEXT.split(), NETWORK, training)) {
        model.save(model(steps));
      }
    }
  }

  @Test
  void tokensOfOnesOwnBecomeSequencesOfTheSameLetters() {
    assertThat(OwnTokens.learnAndDraw("GATTACA".repeat(100), LENGTH, 2, 3))
        .hasSize(3)
        .allMatch(row -> row.matches("[ACGT]{" + LENGTH + "}"));
  }

  @Test
  void wordsOfDocumentsAreLearnedAndFilledIn() throws IOException {
    for (int document = 0; document < 20; document++) {
      Files.writeString(folder.resolve(document + ".md"), "The end of a word is near. ".repeat(9));
    }

    assertThat(TrainWords.learnAndFill(folder.resolve("*.md"), folder.resolve("out"), LENGTH, 2))
        .hasSize(3)
        .allMatch(text -> text.startsWith("the") && text.endsWith(" is") && text.contains(" of a"));
  }

  @Test
  void theDenoiserOfOnesOwnNeedsNoNativeCode() throws IOException, InterruptedException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String withoutBackend =
        Arrays.stream(classPath.split(File.pathSeparator))
            .filter(entry -> !entry.contains("nd4j-native"))
            .collect(Collectors.joining(File.pathSeparator));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(java.toString(), "-cp", withoutBackend, OwnDenoiser.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(withoutBackend).isNotEqualTo(classPath);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed.strip()).matches("\\[[0-3](, [0-3]){39}]");
  }

  @Test
  void theScheduleOfOnesOwnComesBackFromTheCheckpoint() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), SENTENCE.repeat(20));
    Path file = folder.resolve("own.md4");

    OwnSchedule.train(text, TINY, file);

    assertThat(Checkpoint.read(file, OwnSchedule.TYPES).objective().commonSchedule())
        .contains(new ClippedSchedule(new OwnSchedule(1.5), 1e-4));
  }

  @Test
  void theObjectiveOfOnesOwnIsTrainedOnAndMeasured() {
    LikelihoodEstimate loss = OwnObjective.train(TEXT.split(0.5, 0.1), LENGTH, 2);

    assertThat(loss.bitsPerToken()).isBetween(0.0, MOST_BITS);
    assertThat(loss.protocol().objective()).isInstanceOf(OwnObjective.class);
  }

  @Test
  void theSamplerOfOnesOwnDrawsTexts() {
    try (MaskedDiffusion model = MaskedDiffusion.load(model(1))) {
      assertThat(OwnSampler.draw(model, 3, 5))
          .hasSize(3)
          .allMatch(text -> text.matches("[a-z ]{" + LENGTH + "}"));
    }
  }

  @Test
  void aTextIsFilledInFromACheckpoint() {
    assertThat(InfillText.infill(model(1), "the ____ sat", 2))
        .hasSize(2)
        .allMatch(text -> text.matches("the [a-z ]{4} sat"));
  }

  @Test
  void theComparisonFindsTheModelThatHasLearnedMore() {
    try (MaskedDiffusion first = MaskedDiffusion.load(model(1));
        MaskedDiffusion second = MaskedDiffusion.load(model(40))) {
      LikelihoodEstimate bits = MeasureLikelihood.measure(first, TEXT.chunks(LENGTH), 0.1);
      PairedComparison gain = MeasureLikelihood.compare(first, second, TEXT.chunks(LENGTH), 512);

      assertThat(
              bits.confidenceInterval(0.95).contains(bits.natsPerToken())
                  || bits.confidenceInterval(0.95).contains(bits.bitsPerToken()))
          .isTrue();
      assertThat(gain.confidenceInterval(0.95).low()).isPositive();
    }
  }

  @Test
  void imagesBecomeAGridOfNewOnes() throws IOException {
    Path images = images(8, 3);
    Path png = folder.resolve("drawn.png");

    DrawImages.learnAndDraw(images, 8, 1, png);

    BufferedImage grid = ImageIO.read(png.toFile());
    assertThat(grid.getWidth())
        .as("four by two")
        .isBetween(2 * grid.getHeight() - 8, 2 * grid.getHeight());
  }

  @Test
  void aStoppedTrainingGoesOnToTheSameBits() {
    assertThat(StopAndResume.resumesToTheBit(TEXT.windows(LENGTH), 4, folder.resolve("half.md4")))
        .isTrue();
  }

  @Test
  void text8IsTrainedMeasuredAndGoneOnWith() throws IOException {
    Path data = Files.writeString(folder.resolve("text8"), SENTENCE.repeat(2_000));
    Path checkpoint = folder.resolve("text8.md4");

    double bits = TrainText8.train(TINY, data, 2, checkpoint).bitsPerToken();

    assertThat(bits).isBetween(0.0, MOST_BITS);
    assertThat(TrainText8.train(TINY, data, 2, checkpoint).bitsPerToken()).isEqualTo(bits);
  }

  @Test
  void imageNetIsTrainedAndDrawnFrom() throws IOException {
    UNetConfig network =
        UNetConfig.builder(4, 4, 3)
            .embeddingWidth(8)
            .blocksPerLevel(1)
            .channels(8)
            .groups(4)
            .build();
    ImagePreset tiny = new ImagePreset("tiny", network, TrainerConfig.builder(9, 2, 1e-3).build());
    Path images = images(4, 3);
    Path checkpoint = folder.resolve("imagenet64.md4");
    Path png = folder.resolve("drawn.png");

    TrainImageNet64.train(tiny, images, 1, checkpoint, png);
    byte[] drawn = Files.readAllBytes(png);
    TrainImageNet64.train(tiny, images, 1, checkpoint, png);

    assertThat(Files.readAllBytes(png)).isEqualTo(drawn);
  }

  private static Path model(int steps) {
    return models.resolve(steps + ".md4");
  }

  private Path images(int size, int colours) throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    ImageShape shape = new ImageShape(size, size, colours);
    for (int i = 0; i < 12; i++) {
      int[] tokens = new int[shape.tokens()];
      Arrays.fill(tokens, 20 * i);
      ImageFile.write(images.resolve(i + ".png"), shape, tokens);
    }
    return images;
  }

  private static TokenSequence text(String text) {
    return TextFile.read(
        "cats", new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
  }
}
