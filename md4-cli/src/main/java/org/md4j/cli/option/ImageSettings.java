package org.md4j.cli.option;

import static java.util.Objects.requireNonNullElse;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.data.image.ImageShape;
import org.md4j.diffusion.Model;
import org.md4j.model.image.LogitHead;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.image.ValueEmbedding;
import org.md4j.train.ImagePreset;
import org.md4j.train.TrainerConfig;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that decide what is trained on pictures: a preset and what to change of it. */
public final class ImageSettings {
  static final class ModelConverter implements ITypeConverter<Model> {
    @Override
    public Model convert(String name) {
      return switch (name) {
        case "md4" -> Model.MD4;
        case "genmd4" -> Model.GENMD4;
        default ->
            throw new TypeConversionException("'%s' must be one of md4, genmd4".formatted(name));
      };
    }
  }

  static final class ValuesConverter extends NameConverter<ValueEmbedding> {
    ValuesConverter() {
      super(ValueEmbedding.class);
    }
  }

  static final class HeadConverter extends NameConverter<LogitHead> {
    HeadConverter() {
      super(LogitHead.class);
    }
  }

  private static final FlagNames NAMES =
      TrainingFlags.names(Map.of("shortConvolution", "--short-convolution"));
  private static final double GUIDED_LABEL_DROPOUT = 0.1;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "fashion",
      converter = PresetConverter.OfImages.class,
      description =
          "Network and settings: ${bundle:default.names}. The network takes the size and colours of"
              + " the data where it can. Default: ${DEFAULT-VALUE}.")
  private ImagePreset preset = ImagePreset.FASHION;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "md4",
      converter = ModelConverter.class,
      description =
          "What to train the network as: md4, or genmd4, with a learned schedule for each of the"
              + " 256 values of a colour. Default: ${DEFAULT-VALUE}.")
  private Model model = Model.MD4;

  @Option(
      names = "--classes",
      description =
          "Tell the network the classes of the pictures, one in ten dropped, so that it can be"
              + " asked for a class and guided. Default: off, but for class-conditional presets.")
  private boolean classes;

  @Option(
      names = "--crop",
      description =
          "Crop pictures to their central square and resize it to the preset's size by area."
              + " Default: off, pictures must all have one size.")
  private boolean crop;

  @Option(
      names = "--values",
      paramLabel = "NAME",
      converter = ValuesConverter.class,
      description =
          "How values of a colour enter: table, a vector each, as in the paper; fourier-features, in"
              + " which 127 is next to 128. ${bundle:default.values}")
  private @Nullable ValueEmbedding values;

  @Option(
      names = "--head",
      paramLabel = "NAME",
      converter = HeadConverter.class,
      description =
          "How logits of values are made: free, weights each, as in the paper; smooth, with a part"
              + " that neighbouring values share; predictive, with a peak besides at a value"
              + " predicted from the known ones near by. ${bundle:default.head}")
  private @Nullable LogitHead head;

  @Option(
      names = "--short-convolution",
      paramLabel = "WIDTH",
      description =
          "Let every block of a transformer see its patches' nearest neighbours, in reading order,"
              + " through a convolution of this odd width; 0 for none, as in the paper."
              + " ${bundle:default.short-convolution}")
  private @Nullable Integer shortConvolution;

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

  /** The preset's network, before it is made to fit the data. */
  public UNetConfig presetNetwork() {
    return preset.network();
  }

  /** Whether pictures are cropped and resized. */
  public boolean crop() {
    return crop;
  }

  /**
   * Checks that there are pictures for the preset.
   *
   * @throws CommandException if it is made for others than those that come with md4
   */
  public void requireData(@Nullable Path data) {
    if (data == null && preset.network().colours() > 1) {
      throw new CommandException(
          "--preset %s needs --data with pictures of its own: those that come with md4 are for --preset fashion"
              .formatted(preset.name()));
    }
    if (data == null && crop) {
      throw new CommandException("--crop is of no use without --data");
    }
  }

  /** Whether the network is told classes. */
  boolean classes() {
    return classes || preset.network().classes() > 0;
  }

  /**
   * The preset with what was asked to be changed, made to fit the data.
   *
   * @param shape of the pictures
   * @param classNames of the data, K
   * @throws CommandException if the network cannot take such pictures
   */
  public ImageRunConfig config(
      @Nullable Path data, @Nullable Path valid, ImageShape shape, List<String> classNames) {
    if (classes() && classNames.isEmpty()) {
      throw new CommandException(
          "%s needs pictures with classes, got none: use a set with labels"
              .formatted(classes ? "--classes" : "--preset " + preset.name()));
    }
    return NAMES.check(
        () -> {
          ImageRunConfig config =
              new ImageRunConfig(
                  preset.name(),
                  model,
                  training.maskSamples(model),
                  absolute(data),
                  absolute(valid),
                  crop,
                  classes() ? classNames : List.of(),
                  network(shape).toBuilder()
                      .conditioning(told -> told.classes(classes() ? classNames.size() : 0))
                      .build(),
                  training.trainer(
                      classes
                          ? preset.trainer().toBuilder().labelDropout(GUIDED_LABEL_DROPOUT).build()
                          : preset.trainer(),
                      model));
          config.objective().requireFits(config.trainer().noise());
          return config;
        });
  }

  /** How wide the convolutions of a network's blocks over patches are, if it has such blocks. */
  static int shortConvolution(UNetConfig network) {
    return network.middle() instanceof Middle.Transformer transformer
        ? transformer.shortConvolution()
        : 0;
  }

  private Middle middle() {
    Middle middle = preset.network().middle();
    int width = requireNonNullElse(shortConvolution, shortConvolution(preset.network()));
    if (middle instanceof Middle.Transformer transformer) {
      return transformer.toBuilder().shortConvolution(width).build();
    }
    if (width == 0) {
      return middle;
    }
    throw new CommandException(
        "--short-convolution is of no use with --preset %s, whose network has no transformer over patches"
            .formatted(preset.name()));
  }

  private UNetConfig network(ImageShape shape) {
    Middle middle = middle();
    try {
      return preset.network().toBuilder()
          .height(shape.height())
          .width(shape.width())
          .colours(shape.colours())
          .valueEmbedding(requireNonNullElse(values, preset.network().valueEmbedding()))
          .logitHead(requireNonNullElse(head, preset.network().logitHead()))
          .middle(middle)
          .build();
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          "--preset %s cannot take pictures of %s (%s): use --crop, or another preset"
              .formatted(preset.name(), shape, e.getMessage()),
          e);
    }
  }

  private static @Nullable String absolute(@Nullable Path path) {
    return path == null ? null : path.toAbsolutePath().normalize().toString();
  }
}
