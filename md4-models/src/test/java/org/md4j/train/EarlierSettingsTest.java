package org.md4j.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.RowSource;
import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;
import org.md4j.model.TimeConditioning;
import org.md4j.model.image.BlockConditioning;
import org.md4j.model.image.LogitHead;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.image.ValueEmbedding;
import org.md4j.model.text.Attention;
import org.md4j.model.text.FeedForwardInitialiser;
import org.md4j.model.text.TokenEmbedding;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.Objective;
import org.md4j.objective.StateDependentElbo;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;

/** Checkpoints in resources/org/md4j/train/earlier were written by version 0.1 at 19ea0d3. */
class EarlierSettingsTest {
  /** Kernels of other processors add up in another order. */
  private static final double SUMMATION_ORDER = 1e-5;

  /** The settings of an image network that say how values enter and leave it, and last come. */
  private static final String VALUE_SETTINGS =
      ",\\s*\"valueEmbedding\" : \"TABLE\",\\s*\"logitHead\" : \"FREE\"";

  private static final TransformerConfig TEXT =
      TransformerConfig.builder(27, 8).layers(2).heads(1).headSize(4).dropout(0.1).build();
  private static final TrainerConfig TEXT_TRAINER =
      TrainerConfig.builder(40, 8, 0.02)
          .accumulation(2)
          .optimizer(
              adamW -> adamW.warmupSteps(3).beta2(0.99).clipNorm(0.5).emaRate(0.9).mostSkips(0))
          .evaluation(evaluation -> evaluation.every(20).rows(16))
          .checkpoints(kept -> kept.every(10).minutes(0).keep(1))
          .seed(7)
          .replicas(2)
          .build();

  /**
   * A checkpoint, with what it was written from.
   *
   * @param bits the evaluation of its averaged network, as the version that wrote it gave it
   */
  private record Earlier(
      String name, NetworkConfig network, Objective objective, TrainerConfig trainer, double bits) {
    Path file() {
      try {
        return Path.of(
            Objects.requireNonNull(
                    EarlierSettingsTest.class.getResource("earlier/" + name + ".md4"))
                .toURI());
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }

    String json() throws IOException {
      try (ZipFile zip = new ZipFile(file().toFile())) {
        return new String(
            zip.getInputStream(zip.getEntry("checkpoint.json")).readAllBytes(), UTF_8);
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Earlier> checkpoints() {
    TrainerConfig twelve =
        TrainerConfig.builder(12, 8, 0.05)
            .checkpoints(kept -> kept.minutes(0).keep(1))
            .optimizer(adamW -> adamW.warmupSteps(2).emaRate(0.5).mostSkips(0))
            .replicas(1)
            .build();
    return Stream.of(
        new Earlier(
            "text",
            TEXT,
            new ContinuousTimeElbo(MaskingSchedule.reference()),
            TEXT_TRAINER,
            3.25818977618108),
        new Earlier(
            "genmd4",
            TransformerConfig.builder(2, 8)
                .layers(1)
                .heads(1)
                .headSize(8)
                .embedding(TokenEmbedding.INSIDE)
                .initialiser(FeedForwardInitialiser.FAN_IN)
                .conditioning(told -> told.time(TimeConditioning.NONE).classes(2))
                .build(),
            StateDependentElbo.of(LearnedPolynomialSchedule.perToken(new Vocabulary(2))),
            twelve.toBuilder()
                .optimizer(adamW -> adamW.beta1(0.8).epsilon(1e-6).weightDecay(0.1))
                .labelDropout(0.25)
                .schedule(schedule -> schedule.learningRateMultiplier(3).weightDecay(true))
                .build(),
            0.9895895683149111),
        new Earlier(
            "autoregressive",
            TransformerConfig.builder(27, 8)
                .layers(1)
                .heads(2)
                .headSize(4)
                .attention(Attention.CAUSAL)
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .build(),
            new AutoregressiveLikelihood(),
            TrainerConfig.builder(20, 8, 0.02)
                .checkpoints(kept -> kept.minutes(0).keep(1))
                .optimizer(adamW -> adamW.warmupSteps(3).emaRate(0.9).mostSkips(0))
                .replicas(1)
                .build(),
            3.5219949465841123),
        new Earlier(
            "image",
            UNetConfig.builder(2, 2, 2)
                .vocabularySize(2)
                .embeddingWidth(4)
                .channels(2)
                .blocksPerLevel(1)
                .middle(Middle.Transformer.builder().layers(1).width(4).heads(2).patch(2).build())
                .blockConditioning(BlockConditioning.SCALE_SHIFT)
                .groups(1)
                .conditioning(told -> told.classes(2))
                .build(),
            new ContinuousTimeElbo(MaskingSchedule.cosine()),
            twelve.toBuilder().labelDropout(0.1).build(),
            1.1471449138896415),
        new Earlier(
            "image-bias",
            UNetConfig.builder(2, 4, 1)
                .vocabularySize(2)
                .embeddingWidth(4)
                .channels(2)
                .channelMultipliers(List.of(1, 1))
                .blocksPerLevel(1)
                .middle(new Middle.Attention(1))
                .groups(1)
                .conditioning(told -> told.time(TimeConditioning.NONE).classes(2))
                .dropout(0.1)
                .build(),
            new ContinuousTimeElbo(MaskingSchedule.cosine()),
            twelve,
            0.9735463104482724));
  }

  @Test
  void noiseFromBeforeMaskCountsHasNone() throws IOException {
    ObjectNode settings =
        (ObjectNode)
            new JsonMapper().readTree("{\"trainer\":{\"noise\":{\"complementaryPairs\":true}}}");

    EarlierSettings.upgradeInPlace(settings);

    assertThat(settings.at("/trainer/noise").toString())
        .isEqualTo("{\"complementaryPairs\":true,\"maskCounts\":false}");
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void anEarlierCheckpointHasTheSettingsItWasWrittenWith(Earlier earlier) {
    Checkpoint read = Checkpoint.read(earlier.file());

    assertThat(read.network()).isEqualTo(earlier.network());
    assertThat(read.trainer()).isEqualTo(earlier.trainer());
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void anEarlierCheckpointEvaluatesToWhatItDidWhenItWasWritten(Earlier earlier) {
    boolean classes = earlier.network().classes() > 0;
    RowSource training = classes ? new TwoClasses(8, 100, 1) : TestData.training(8);
    RowSource validation = classes ? new TwoClasses(8, 20, 2) : TestData.validation(8);
    try (Trainer trainer =
        new Trainer(
            earlier.network().create(5),
            earlier.objective(),
            training,
            validation,
            earlier.trainer(),
            List.of())) {
      trainer.restore(Checkpoint.read(earlier.file()));

      assertThat(trainer.step()).isEqualTo(earlier.trainer().steps());
      assertThat(trainer.evaluate().bitsPerToken())
          .isCloseTo(earlier.bits(), within(SUMMATION_ORDER));
    }
  }

  @Test
  void whatCameLaterThanAFileHasTheValueTheFileWasMadeWith() throws IOException {
    String json =
        new Earlier("text", TEXT, new AutoregressiveLikelihood(), TEXT_TRAINER, 0)
            .json()
            .replaceFirst("\"type\" : \"transformer\",\\s*", "")
            .replaceFirst(",\\s*\"classes\" : 0", "")
            .replaceFirst(",\\s*\"causal\" : false", "")
            .replaceFirst("\"labelDropout\" : 0.0,\\s*", "")
            .replaceFirst("(?s)\"schedule\" : \\{[^}]*\"frozen\" : false\\s*\\},\\s*", "");
    assertThat(json).doesNotContain("transformer", "classes", "causal", "labelDropout", "frozen");

    CheckpointHeader header =
        CheckpointHeader.fromJson(json.getBytes(UTF_8), CheckpointTypes.standard());

    assertThat(header.network()).isEqualTo(TEXT);
    assertThat(header.trainer()).isEqualTo(TEXT_TRAINER);
  }

  @Test
  void aTransformerFromBeforeNgramsIsToldOfNone() throws IOException {
    Earlier text = checkpoints().findFirst().orElseThrow();
    CheckpointHeader earlier =
        CheckpointHeader.fromJson(text.json().getBytes(UTF_8), CheckpointTypes.standard());
    String json = new String(earlier.toJson(CheckpointTypes.standard()), UTF_8);
    String before = json.replaceFirst(",\\s*\"ngrams\" : \\{[^}]*\\}", "");
    assertThat(before).doesNotContain("ngrams").isNotEqualTo(json);

    assertThat(
            CheckpointHeader.fromJson(before.getBytes(UTF_8), CheckpointTypes.standard()).network())
        .isEqualTo(TEXT);
  }

  @Test
  void aTransformerFromBeforeShortConvolutionsHasNone() throws IOException {
    Earlier text = checkpoints().findFirst().orElseThrow();
    CheckpointHeader earlier =
        CheckpointHeader.fromJson(text.json().getBytes(UTF_8), CheckpointTypes.standard());
    CheckpointHeader now =
        new CheckpointHeader(
            earlier.format(),
            earlier.library(),
            earlier.vocabulary(),
            TEXT.toBuilder().shortConvolution(5).build(),
            earlier.objective(),
            earlier.trainer(),
            earlier.data(),
            earlier.step(),
            earlier.best(),
            earlier.parameterCount(),
            earlier.sha256());
    String json = new String(now.toJson(CheckpointTypes.standard()), UTF_8);
    String before = json.replaceFirst(",\\s*\"shortConvolution\" : 5", "");
    assertThat(before).doesNotContain("shortConvolution").isNotEqualTo(json);

    assertThat(
            CheckpointHeader.fromJson(json.getBytes(UTF_8), CheckpointTypes.standard()).network())
        .isEqualTo(now.network());
    assertThat(
            CheckpointHeader.fromJson(before.getBytes(UTF_8), CheckpointTypes.standard()).network())
        .isEqualTo(TEXT);
  }

  @Test
  void whatCameAfterSettingsWereNestedIsOffInFilesFromBefore() throws IOException {
    JsonMapper mapper = CheckpointTypes.standard().json();
    ObjectNode trainer = mapper.valueToTree(TEXT_TRAINER);
    ObjectNode optimizer = (ObjectNode) trainer.get("optimizer");
    assertThat(optimizer.remove("rateShape").asText()).isEqualTo("COSINE");
    assertThat(optimizer.remove("mostSkips").asInt()).isZero();
    assertThat(optimizer.remove("cooldownShare").asDouble()).isEqualTo(0.2);
    assertThat(optimizer.remove("muon").get("learningRate").asDouble()).isZero();
    ObjectNode settings = mapper.createObjectNode();
    settings.set("trainer", trainer);

    EarlierSettings.upgradeInPlace(settings);

    assertThat(mapper.treeToValue(settings.get("trainer"), TrainerConfig.class))
        .isEqualTo(TEXT_TRAINER);
  }

  @Test
  void whatIsThereIsLeftAsItIs() throws IOException {
    JsonMapper mapper = CheckpointTypes.standard().json();
    TrainerConfig all =
        TEXT_TRAINER.toBuilder()
            .optimizer(
                adamW ->
                    adamW
                        .rateShape(RateShape.WARMUP_STABLE_DECAY)
                        .cooldownShare(0.4)
                        .muon(new MuonConfig(0.03, 0.9, 6)))
            .build();
    ObjectNode settings = mapper.createObjectNode();
    settings.set("trainer", mapper.valueToTree(all));

    EarlierSettings.upgradeInPlace(settings);

    assertThat(mapper.treeToValue(settings.get("trainer"), TrainerConfig.class)).isEqualTo(all);
  }

  /** Networks of images knew neither setting before they had both. */
  @Test
  void anImageNetworkWithoutWordOfItsValuesHasATableAndAFreeHead() throws IOException {
    Earlier flat =
        checkpoints().filter(earlier -> earlier.name().equals("image")).findFirst().orElseThrow();
    CheckpointHeader header =
        CheckpointHeader.fromJson(flat.json().getBytes(UTF_8), CheckpointTypes.standard());
    String nested = new String(header.toJson(CheckpointTypes.standard()), UTF_8);
    String json = nested.replaceFirst(VALUE_SETTINGS, "");
    assertThat(json).contains("blockConditioning").doesNotContain("valueEmbedding", "logitHead");

    assertThat(read(json).network()).isEqualTo(flat.network());
    assertThatThrownBy(() -> read(nested.replaceFirst("\"valueEmbedding\" : \"TABLE\",\\s*", "")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("valueEmbedding");
  }

  @Test
  void valuesThatKnowTheirNeighboursComeBack() throws IOException {
    String json =
        checkpoints()
            .filter(earlier -> earlier.name().equals("image"))
            .findFirst()
            .orElseThrow()
            .json();
    CheckpointHeader earlier = read(json);
    UNetConfig smooth =
        ((UNetConfig) earlier.network())
            .toBuilder()
                .valueEmbedding(ValueEmbedding.FOURIER_FEATURES)
                .logitHead(LogitHead.SMOOTH)
                .build();
    String changed =
        new String(earlier.toJson(CheckpointTypes.standard()), UTF_8)
            .replace("\"TABLE\"", "\"FOURIER_FEATURES\"")
            .replace("\"FREE\"", "\"SMOOTH\"");

    assertThat(read(changed).network()).isEqualTo(smooth);
  }

  private static CheckpointHeader read(String json) {
    return CheckpointHeader.fromJson(json.getBytes(UTF_8), CheckpointTypes.standard());
  }

  static Stream<Arguments> damage() {
    return Stream.of(
        Arguments.of("\"causal\"", "\"casual\""),
        Arguments.of("\"causal\" : false", "\"causal\" : 0"),
        Arguments.of("\"outsideEmbedding\" : true,", ""),
        Arguments.of("\"emaRate\" : 0.9,", ""),
        Arguments.of("\"emaRate\"", "\"emuRate\""));
  }

  @ParameterizedTest
  @MethodSource("damage")
  void whatIsDamagedIsRefusedAndNotGuessed(String original, String changed) throws IOException {
    String json = checkpoints().findFirst().orElseThrow().json();
    assertThat(json).contains(original);

    assertThatThrownBy(
            () ->
                CheckpointHeader.fromJson(
                    json.replace(original, changed).getBytes(UTF_8), CheckpointTypes.standard()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("description is damaged");
  }
}
