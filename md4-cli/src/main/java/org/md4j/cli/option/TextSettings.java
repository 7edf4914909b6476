package org.md4j.cli.option;

import static java.util.Objects.requireNonNullElse;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.diffusion.Model;
import org.md4j.model.text.NgramEmbedding;
import org.md4j.train.TextPreset;
import org.md4j.train.TrainerConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that decide what is trained: a preset and what to change of it. */
public final class TextSettings {
  /** Reads a model by its name. */
  public static final class ModelConverter extends NameConverter<Model> {
    ModelConverter() {
      super(Model.class);
    }
  }

  private static final FlagNames NAMES =
      TrainingFlags.names(
          Map.of(
              "length", "--length",
              "shortConvolution", "--short-convolution",
              "orders", "--ngrams"));

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "tiny",
      converter = PresetConverter.OfText.class,
      description = "Network and settings: ${bundle:default.names}. Default: ${DEFAULT-VALUE}.")
  private TextPreset preset = TextPreset.TINY;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "md4",
      converter = ModelConverter.class,
      description = {
        "What to train the network as: md4; md4-discrete, in 1000 steps; genmd4, with a learned schedule for each symbol; sedd,"
            + " by score entropy; d3pm, md4-discrete with cross-entropy besides the bound; ar,"
            + " from left to right. Default: ${DEFAULT-VALUE}."
      })
  private Model model = Model.MD4;

  @Option(
      names = "--length",
      paramLabel = "TOKENS",
      description = "Characters, or tokens of words, a row. ${bundle:default.length}")
  private @Nullable Integer length;

  @Option(
      names = "--short-convolution",
      paramLabel = "WIDTH",
      description =
          "Let every block see its nearest neighbours through a convolution of this odd width; 0"
              + " for none, as in the paper. ${bundle:default.short-convolution}")
  private @Nullable Integer shortConvolution;

  @Option(
      names = "--ngrams",
      paramLabel = "ORDER",
      split = ",",
      description =
          "Tell the network of the n-grams of these orders around every position, as 3,5, by learned"
              + " vectors, which share rows of a table where there are many; 0 for none, as in the"
              + " paper. ${bundle:default.ngrams}")
  private @Nullable List<Integer> ngrams;

  @Mixin private TrainingFlags training = new TrainingFlags();

  /** The minutes the run is to take, if that was asked for. */
  public Optional<Double> minutes() {
    return training.minutes();
  }

  /** The settings of a run that goes on, with what may be changed of them. */
  public TrainerConfig resumed(TrainerConfig own) {
    return training.resumed(own);
  }

  /** Settings with another number of steps, and by default a warm-up that fits. */
  public TrainerConfig withSteps(TrainerConfig config, int steps) {
    return training.withSteps(config, steps);
  }

  /** The name of the preset. */
  public String presetName() {
    return preset.name();
  }

  /**
   * The preset with what was asked to be changed, for text of 27 symbols.
   *
   * @param data the text's file, or null for the one that comes with md4
   */
  public TextRunConfig config(@Nullable Path data) {
    return config(data, RunTokenizer.OF_SYMBOLS);
  }

  /**
   * The preset with what was asked to be changed, and the vocabulary of the text.
   *
   * @param data the text's file or folder, or null for the one that comes with md4
   */
  public TextRunConfig config(@Nullable Path data, RunTokenizer tokenizer) {
    return NAMES.check(() -> make(data, tokenizer));
  }

  private TextRunConfig make(@Nullable Path data, RunTokenizer tokenizer) {
    int symbols = RunTokenizer.OF_SYMBOLS.tokenizer().vocabulary().size();
    if (tokenizer.name() == null && preset.network().vocabularySize() != symbols) {
      throw new CommandException(
          "--preset %s must be given words, as --data FOLDER that ./md4 prepare has written, got text of %d symbols"
              .formatted(preset.name(), symbols));
    }
    TextRunConfig config =
        new TextRunConfig(
            preset.name(),
            model,
            training.maskSamples(model),
            data == null ? null : data.toAbsolutePath().normalize().toString(),
            tokenizer.name(),
            model.network(
                preset.network().toBuilder()
                    .vocabularySize(tokenizer.tokenizer().vocabulary().size())
                    .length(requireNonNullElse(length, preset.network().length()))
                    .shortConvolution(
                        requireNonNullElse(shortConvolution, preset.network().shortConvolution()))
                    .ngrams(ngrams())
                    .build()),
            training.trainer(preset.trainer(), model));
    config.objective().requireFits(config.trainer().noise());
    return config;
  }

  private NgramEmbedding ngrams() {
    NgramEmbedding usual = preset.network().ngrams();
    if (ngrams == null) {
      return usual;
    }
    return ngrams.equals(List.of(0))
        ? NgramEmbedding.none()
        : new NgramEmbedding(ngrams, usual.rows(), usual.width());
  }
}
