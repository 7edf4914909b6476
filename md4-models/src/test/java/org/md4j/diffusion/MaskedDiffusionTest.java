package org.md4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.data.TokenSequence;
import org.md4j.data.TokenSplits;
import org.md4j.data.text.ByteTokenizer;
import org.md4j.data.text.TextFile;
import org.md4j.likelihood.LikelihoodEstimate;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.TrainingNoise;
import org.md4j.process.TimeLaw;
import org.md4j.sampling.Template;
import org.md4j.train.Checkpoint;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingListener;

class MaskedDiffusionTest {
  private static final int LENGTH = 12;
  private static final String SENTENCE = "the cat sat on the mat and the dog ";

  @TempDir private Path folder;

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(Model.class)
  void whatIsTrainedIsTheSameWhenItIsLoaded(Model kind) {
    TokenSplits text = text();
    Path file = folder.resolve("model.md4");
    try (MaskedDiffusion trained =
        MaskedDiffusion.train(text, transformer(27), training(kind, 3))) {
      trained.save(file);
      try (MaskedDiffusion loaded = MaskedDiffusion.load(file)) {
        assertThat(loaded.sample(3, few(8)).texts())
            .isEqualTo(trained.sample(3, few(8)).texts())
            .allMatch(sample -> sample.matches("[a-z ]{" + LENGTH + "}"));
        RowSource heldOut = text.valid().chunks(LENGTH);
        LikelihoodEstimate again = loaded.likelihood(heldOut).forEvaluations(64);
        assertThat(again.bitsPerToken())
            .isEqualTo(trained.likelihood(heldOut).forEvaluations(64).bitsPerToken())
            .isBetween(1.0, 7.0);
      }
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(Model.class)
  void whatGoesOnIsWhatTheUnbrokenTrainingGives(Model kind) throws IOException {
    TokenSplits text = text();
    Path file = folder.resolve("run.md4");
    Path early = folder.resolve("early.md4");
    Training saved =
        training(kind, 4).toBuilder()
            .config(config(4).toBuilder().checkpoints(checkpoints -> checkpoints.every(2)).build())
            .checkpoint(file)
            .listener(new KeepFirst(early))
            .build();
    try (MaskedDiffusion unbroken = MaskedDiffusion.train(text, transformer(27), saved);
        MaskedDiffusion half = MaskedDiffusion.load(early);
        MaskedDiffusion whole = half.continueTraining(text, training(kind, 4))) {
      assertThat(half.checkpoint().step()).isEqualTo(2);
      assertThat(whole.checkpoint().step()).isEqualTo(4);
      Path rejoined = folder.resolve("rejoined.md4");
      whole.save(rejoined);
      assertThat(whole.checkpoint().average().toFloatVector())
          .containsExactly(unbroken.checkpoint().average().toFloatVector());
      try (MaskedDiffusion loaded = MaskedDiffusion.load(rejoined)) {
        assertThat(loaded.objective()).isEqualTo(unbroken.objective());
        assertThat(half.sample(2, few(6)).texts()).hasSize(2);
      }
    }
  }

  /** Keeps the first checkpoint of a run. */
  private record KeepFirst(Path copy) implements TrainingListener {
    @Override
    public void onCheckpoint(Path file) {
      try {
        if (!Files.exists(copy)) {
          Files.copy(file, copy);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void aTemplateIsFilledInAndKeepsWhatIsGiven() {
    try (MaskedDiffusion model =
        MaskedDiffusion.train(text(), transformer(27), training(Model.MD4, 2))) {
      assertThat(model.infill("the ___ sat", 4, few(4)).texts())
          .hasSize(4)
          .allMatch(filled -> filled.matches("the [a-z ]{3} sat"));
    }
  }

  @Test
  void anAutoregressiveModelSaysThatItFillsInOnlyTheEnd() {
    try (MaskedDiffusion model =
        MaskedDiffusion.train(text(), transformer(27), training(Model.AR, 2))) {
      assertThat(model.infill("the cat ____", 2).texts())
          .allMatch(filled -> filled.startsWith("the cat "));
      assertThatThrownBy(() -> model.infill("the ___ sat", 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("masks at the end");
    }
  }

  @Test
  void settingsMadeForNoiseTrainAnAutoregressiveModelToo() {
    TrainerConfig noisy =
        training(Model.AR, 2).config().toBuilder()
            .noise(noise -> noise.withTimes(TimeLaw.power(1)))
            .build();
    try (MaskedDiffusion model =
        MaskedDiffusion.train(
            text(), transformer(27), training(Model.AR, 2).toBuilder().config(noisy).build())) {
      assertThat(model.checkpoint().trainer().noise()).isEqualTo(TrainingNoise.paper());
      TrainerConfig longer = noisy.toBuilder().steps(3).build();
      try (MaskedDiffusion further =
          model.continueTraining(
              text(), training(Model.AR, 2).toBuilder().config(longer).build())) {
        assertThat(further.checkpoint().step()).isEqualTo(3);
      }
    }
  }

  @Test
  void tokensOfOnesOwnAreDrawnAndMeasured() {
    TokenSequence bases = TokenSequence.of(new Vocabulary(4), "genome", random(2_000, 4));
    try (MaskedDiffusion model =
        MaskedDiffusion.train(bases.split(), transformer(4), training(Model.GENMD4, 2))) {
      Samples drawn = model.sample(5, few(4));
      assertThat(drawn.tokens().rows()).isEqualTo(5);
      assertThat(drawn.tokens().maskedPositions()).isEmpty();
      assertThatThrownBy(drawn::texts)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("tokenizer");
      assertThatThrownBy(() -> drawn.writeGrid(folder.resolve("none.png"), 2))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("of images");
      assertThatThrownBy(() -> model.infill("a_c", 1))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("tokenizer");
      Template row = Template.of(new Vocabulary(4), 0, 4, 4, 3);
      assertThat(model.infill(row, 2, few(4)).rows())
          .allMatch(tokens -> tokens[0] == 0 && tokens[3] == 3);
    }
  }

  @Test
  void imagesAreDrawnOfAClassAndWrittenSideBySide() throws IOException {
    UNetConfig network =
        UNetConfig.builder(4, 4, 1)
            .embeddingWidth(8)
            .blocksPerLevel(1)
            .channels(8)
            .groups(4)
            .conditioning(told -> told.classes(2))
            .build();
    int[][] images = new int[8][];
    int[] labels = new int[8];
    for (int i = 0; i < 8; i++) {
      images[i] = random(16, 256, i);
      labels[i] = i % 2;
    }
    RowSource rows =
        RowSource.of(
            "images", Rows.of(TokenBatch.of(new Vocabulary(256), images)).withLabels(labels), 2);
    try (MaskedDiffusion model =
        MaskedDiffusion.train(rows, rows, network, training(Model.MD4, 2))) {
      Path png = folder.resolve("grid.png");
      model
          .sample(3, SamplingSettings.builder().steps(3).label(1).guidance(0.5).build())
          .writeGrid(png, 2);
      BufferedImage grid = ImageIO.read(png.toFile());
      assertThat(grid.getWidth()).isGreaterThanOrEqualTo(8);
      assertThat(model.likelihood(rows).forEvaluations(64).bitsPerToken()).isBetween(6.0, 10.0);
      assertThat(model.likelihood(rows.withoutLabels()).forEvaluations(64).bitsPerToken())
          .isBetween(6.0, 10.0);
      assertThatThrownBy(() -> model.sample(1, SamplingSettings.builder().label(3).build()))
          .hasMessageContaining("label (3) must be in 0..2");
    }
  }

  @Test
  void aTextModelFromBeforeTokenizersWereRecordedWritesText() throws URISyntaxException {
    Path earlier = Path.of(Checkpoint.class.getResource("earlier/text.md4").toURI());
    try (MaskedDiffusion model = MaskedDiffusion.load(earlier)) {
      assertThat(model.checkpoint().data().tokenizer()).isEmpty();
      assertThat(model.sample(2, few(4)).texts())
          .hasSize(2)
          .allMatch(text -> text.matches("[a-z ]+"));
    }
  }

  @Test
  void rowsOfAnotherVocabularyOrTokenizerAreRefused() {
    try (MaskedDiffusion model =
        MaskedDiffusion.train(text(), transformer(27), training(Model.MD4, 1))) {
      RowSource bytes =
          TextFile.read(
                  "bytes",
                  new ByteArrayInputStream(SENTENCE.repeat(4).getBytes(StandardCharsets.UTF_8)),
                  new ByteTokenizer())
              .chunks(LENGTH);
      assertThatThrownBy(() -> model.likelihood(bytes))
          .hasMessageContaining("vocabulary, V = 27, got V = 256");
      RowSource own = TokenSequence.of(new Vocabulary(27), "own", random(100, 27)).chunks(LENGTH);
      assertThat(model.likelihood(own).forEvaluations(64).rows()).isPositive();
    }
  }

  @Test
  void aNetworkWithoutClassesSaysThatItCannotBeGuided() {
    try (MaskedDiffusion model =
        MaskedDiffusion.train(text(), transformer(27), training(Model.MD4, 1))) {
      assertThatThrownBy(() -> model.sample(1, SamplingSettings.builder().guidance(1).build()))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("classes");
    }
  }

  private static TokenSplits text() {
    return TextFile.read(
            "cats",
            new ByteArrayInputStream(SENTENCE.repeat(60).getBytes(StandardCharsets.US_ASCII)))
        .split();
  }

  private static TransformerConfig transformer(int values) {
    return TransformerConfig.builder(values, LENGTH).layers(1).heads(2).headSize(8).build();
  }

  private static SamplingSettings few(int steps) {
    return SamplingSettings.builder().steps(steps).seed(5).build();
  }

  private static Training training(Model kind, int steps) {
    return Training.builder(config(steps)).model(kind).build();
  }

  private static TrainerConfig config(int steps) {
    return TrainerConfig.builder(steps, 4, 1e-3).build();
  }

  private static int[] random(int count, int values) {
    return random(count, values, 0);
  }

  private static int[] random(int count, int values, int example) {
    int[] tokens = new int[count];
    var uniforms = new CounterRandom(3).uniforms(Purpose.DATA, 0);
    for (int i = 0; i < count; i++) {
      tokens[i] = (int) (uniforms.at(example, i) * values);
    }
    return tokens;
  }
}
