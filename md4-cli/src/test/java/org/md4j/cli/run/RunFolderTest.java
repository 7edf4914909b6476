package org.md4j.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.cli.option.PeerPresets;
import org.md4j.diffusion.Model;
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
import org.md4j.objective.MaskSamples;
import org.md4j.train.ImagePreset;
import org.md4j.train.MuonConfig;
import org.md4j.train.RateShape;
import org.md4j.train.TextPreset;
import org.md4j.train.TrainerConfig;

class RunFolderTest {
  @TempDir private Path folder;

  @Test
  void settingsComeBack() throws IOException {
    TextPreset tiny = TextPreset.TINY;
    TextRunConfig config =
        new TextRunConfig(
            "tiny",
            Model.MD4,
            null,
            tiny.network().toBuilder().attention(Attention.CAUSAL).build(),
            tiny.trainer());
    RunFolder run = new RunFolder(folder);

    Files.createDirectories(run.path());
    run.write(config);

    assertThat(run.readConfig(TextRunConfig.class)).isEqualTo(config);
  }

  @Test
  void muonAndTheShapeOfTheRateComeBack() throws IOException {
    TextPreset tiny = TextPreset.TINY;
    TextRunConfig config =
        new TextRunConfig(
            "tiny",
            Model.MD4,
            null,
            tiny.network(),
            tiny.trainer().toBuilder()
                .optimizer(
                    adamW ->
                        adamW
                            .muon(MuonConfig.builder(0.03).momentum(0.9).iterations(6).build())
                            .rateShape(RateShape.WARMUP_STABLE_DECAY)
                            .cooldownShare(0.3))
                .build());
    RunFolder run = new RunFolder(folder);

    Files.createDirectories(run.path());
    run.write(config);

    assertThat(run.readConfig(TextRunConfig.class)).isEqualTo(config);
  }

  /** Settings as the version before Muon wrote them. */
  @Test
  void settingsWithoutMuonAndTheShapeOfTheRateAreOfACosineWithoutIt() throws IOException {
    TextPreset peer = PeerPresets.LEARNING;
    TextRunConfig config =
        new TextRunConfig("peer", Model.MD4, null, peer.network(), peer.trainer());
    RunFolder run = new RunFolder(folder);
    Files.createDirectories(run.path());
    run.write(config);
    String written = Files.readString(run.config());
    String earlier =
        written
            .replaceFirst("\"rateShape\" : \"COSINE\",\\s*", "")
            .replaceFirst("\"cooldownShare\" : 0.2,\\s*", "")
            .replaceFirst("(?s),\\s*\"muon\" : \\{[^}]*\\}", "");
    assertThat(earlier).doesNotContain("rateShape", "cooldownShare", "muon");
    Files.writeString(run.config(), earlier);

    assertThat(run.readConfig(TextRunConfig.class)).isEqualTo(config);
  }

  @Test
  void imageSettingsComeBack() throws IOException {
    ImageRunConfig config =
        imageRun(
            ImagePreset.FASHION.network().toBuilder()
                .valueEmbedding(ValueEmbedding.FOURIER_FEATURES)
                .logitHead(LogitHead.SMOOTH)
                .build());
    RunFolder run = new RunFolder(folder);

    Files.createDirectories(run.path());
    run.write(config);

    assertThat(run.readConfig(ImageRunConfig.class)).isEqualTo(config);
  }

  @Test
  void settingsFromBeforeValuesKnewTheirNeighboursAreThoseOfATableAndAFreeHead()
      throws IOException {
    ImageRunConfig config = imageRun(ImagePreset.CIFAR10.network());
    RunFolder run = new RunFolder(folder);
    Files.createDirectories(run.path());
    run.write(config);
    String old =
        Files.readString(run.config())
            .replaceFirst(",\\s*\"valueEmbedding\" : \"TABLE\",\\s*\"logitHead\" : \"FREE\"", "");
    assertThat(old).contains("blockConditioning").doesNotContain("valueEmbedding", "logitHead");
    Files.writeString(run.config(), old);

    assertThat(run.readConfig(ImageRunConfig.class)).isEqualTo(config);
  }

  private static ImageRunConfig imageRun(UNetConfig network) {
    return new ImageRunConfig(
        "fashion",
        Model.MD4,
        null,
        null,
        null,
        false,
        List.of(),
        network,
        ImagePreset.FASHION.trainer());
  }

  static Stream<Arguments> earlierSettings() {
    TransformerConfig tiny =
        TransformerConfig.builder(27, 8).layers(2).heads(1).headSize(4).dropout(0.1).build();
    TrainerConfig trainer =
        TrainerConfig.builder(40, 8, 0.02)
            .accumulation(2)
            .optimizer(
                adamW -> adamW.warmupSteps(3).beta2(0.99).clipNorm(0.5).emaRate(0.9).mostSkips(0))
            .evaluation(evaluation -> evaluation.every(20).rows(16))
            .checkpoints(kept -> kept.every(10).minutes(0).keep(1))
            .seed(7)
            .replicas(2)
            .build();
    TrainerConfig learned =
        TrainerConfig.builder(12, 8, 0.05)
            .checkpoints(kept -> kept.minutes(0).keep(1))
            .optimizer(
                adamW ->
                    adamW
                        .warmupSteps(2)
                        .beta1(0.8)
                        .epsilon(1e-6)
                        .weightDecay(0.1)
                        .emaRate(0.5)
                        .mostSkips(0))
            .schedule(schedule -> schedule.learningRateMultiplier(3).weightDecay(true))
            .replicas(1)
            .build();
    UNetConfig shifted =
        UNetConfig.builder(2, 2, 2)
            .vocabularySize(2)
            .embeddingWidth(4)
            .channels(2)
            .blocksPerLevel(1)
            .middle(Middle.Transformer.builder().layers(1).width(4).heads(2).patch(2).build())
            .blockConditioning(BlockConditioning.SCALE_SHIFT)
            .groups(1)
            .conditioning(told -> told.classes(2))
            .build();
    UNetConfig pyramid =
        UNetConfig.builder(2, 4, 1)
            .vocabularySize(2)
            .embeddingWidth(4)
            .channels(2)
            .channelMultipliers(List.of(1, 2))
            .blocksPerLevel(1)
            .middle(new Middle.Attention(1))
            .groups(1)
            .conditioning(told -> told.time(TimeConditioning.NONE))
            .dropout(0.1)
            .build();
    return Stream.of(
        Arguments.of("text", new TextRunConfig("tiny", Model.MD4, null, tiny, trainer)),
        Arguments.of(
            "autoregressive",
            new TextRunConfig(
                "tiny",
                Model.AR,
                "/data/novel.txt",
                TransformerConfig.builder(27, 8)
                    .layers(1)
                    .heads(2)
                    .headSize(4)
                    .embedding(TokenEmbedding.INSIDE)
                    .initialiser(FeedForwardInitialiser.FAN_IN)
                    .attention(Attention.CAUSAL)
                    .conditioning(told -> told.time(TimeConditioning.NONE))
                    .build(),
                trainer)),
        Arguments.of(
            "genmd4",
            new TextRunConfig(
                "tiny",
                Model.GENMD4,
                MaskSamples.PAIR_IN_TURN,
                null,
                null,
                TransformerConfig.builder(27, 8).layers(1).heads(1).headSize(8).build(),
                learned)),
        Arguments.of(
            "image",
            new ImageRunConfig(
                "fashion",
                Model.MD4,
                null,
                "/data/pictures",
                null,
                true,
                List.of("cat", "dog"),
                shifted,
                trainer.toBuilder().labelDropout(0.1).build())),
        Arguments.of(
            "image-genmd4",
            new ImageRunConfig(
                "small32",
                Model.GENMD4,
                MaskSamples.SINGLE,
                null,
                null,
                false,
                List.of(),
                pyramid,
                learned)));
  }

  /** Files of resources/org/md4j/cli/run/earlier were written by version 0.1 at 19ea0d3. */
  @ParameterizedTest
  @MethodSource("earlierSettings")
  void settingsOfAnEarlierVersionMeanWhatTheyMeant(String name, RunConfig settings)
      throws IOException {
    RunFolder run = new RunFolder(folder);
    Files.writeString(run.config(), earlier(name));

    assertThat(run.readConfig(settings.getClass())).isEqualTo(settings);
  }

  @Test
  void settingsFromBeforeThereWereCausalNetworksAreThoseOfABidirectionalOne() throws IOException {
    RunFolder run = new RunFolder(folder);
    String old = earlier("text").replaceFirst(",\\s*\"causal\" : false", "");
    assertThat(old).doesNotContain("causal");
    Files.writeString(run.config(), old);

    assertThat(run.readConfig(TextRunConfig.class).network().attention())
        .isEqualTo(Attention.BIDIRECTIONAL);
  }

  private static String earlier(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RunFolderTest.class.getResourceAsStream("earlier/" + name + "/config.json"))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
