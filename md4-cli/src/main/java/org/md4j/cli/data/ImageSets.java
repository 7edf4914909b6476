package org.md4j.cli.data;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.core.RowSource;
import org.md4j.data.DataException;
import org.md4j.data.image.ImageData;
import org.md4j.data.image.ImageGeometry;
import org.md4j.data.image.ImageShape;
import org.md4j.data.image.ImageSource;
import org.md4j.data.image.ImageSplits;
import org.md4j.model.image.UNetConfig;

/**
 * What an image run learns from and is judged on.
 *
 * @param shape of every picture
 * @param classNames of the data, or empty
 * @param training pictures to learn
 * @param validation pictures to be judged on
 * @param files closed with this
 */
public record ImageSets(
    ImageShape shape,
    List<String> classNames,
    RowSource training,
    RowSource validation,
    Files files)
    implements AutoCloseable {
  /** Share of a set that validates where no pictures are given for that. */
  private static final double VALIDATION_SHARE = 0.05;

  /** Open files. */
  public interface Files {
    /** Lets go of them. */
    void close();
  }

  /**
   * Opens pictures.
   *
   * @param data null for those that come with md4
   * @param valid null to judge on the part of the set that is published for testing, or on a part
   *     of the data where there is none
   * @throws DataException if they cannot be used
   * @throws CommandException if the two do not fit together
   */
  public static ImageSets open(@Nullable Path data, @Nullable Path valid, ImageGeometry geometry) {
    if (data == null) {
      ImageSource training = FashionImages.training();
      ImageSource validation = FashionImages.validation();
      return new ImageSets(
          training.shape(),
          training.classNames(),
          training,
          validation,
          () -> {
            training.close();
            validation.close();
          });
    }
    ImageSource all = ImageData.open(data, geometry);
    Path judged = valid == null ? ImageData.test(data).orElse(null) : valid;
    if (judged == null) {
      ImageSplits splits = ImageSplits.of(all, VALIDATION_SHARE);
      return new ImageSets(
          all.shape(), all.classNames(), splits.train(), splits.valid(), all::close);
    }
    ImageSource validation = ImageData.open(judged, geometry);
    Files files =
        () -> {
          all.close();
          validation.close();
        };
    if (!validation.shape().equals(all.shape())) {
      files.close();
      throw new CommandException(
          "--valid (%s) must have pictures like --data, %s"
              .formatted(validation.shape(), all.shape()));
    }
    return new ImageSets(all.shape(), all.classNames(), all, validation, files);
  }

  /**
   * Opens the pictures of a run as the run sees them: with labels if its network is told them.
   *
   * @throws CommandException if they no longer have the shape the run was trained on
   */
  public static ImageSets of(ImageRunConfig config) {
    return asStored(config).withLabels(config.network().classes() > 0);
  }

  /**
   * Opens the pictures of a run with the labels they have, whether or not its network is told them.
   *
   * @throws CommandException if they no longer have the shape the run was trained on
   */
  public static ImageSets stored(ImageRunConfig config) {
    ImageSets sets = asStored(config);
    return sets.withLabels(!sets.classNames().isEmpty());
  }

  private static ImageSets asStored(ImageRunConfig config) {
    Path data = config.data() == null ? null : Path.of(config.data());
    Path valid = config.valid() == null ? null : Path.of(config.valid());
    ImageSets sets = open(data, valid, geometry(config.network(), config.crop()));
    if (!sets.shape().equals(config.shape())) {
      sets.close();
      throw new CommandException(
          "the data has pictures of %s, the run is of %s".formatted(sets.shape(), config.shape()));
    }
    return sets;
  }

  /** How files are read for a network. */
  public static ImageGeometry geometry(UNetConfig network, boolean crop) {
    return crop ? ImageGeometry.centralCropAndResize(network.height()) : ImageGeometry.asStored();
  }

  /**
   * The same with classes, or with none even if the data has them. Classes go by name: pictures to
   * validate on have the numbers that their classes' names have in training, and may lack some.
   *
   * @throws CommandException if there are pictures to validate on that have no classes where those
   *     to learn from do, or others
   */
  public ImageSets withLabels(boolean labelled) {
    if (!labelled) {
      return new ImageSets(
          shape, List.of(), training.withoutLabels(), validation.withoutLabels(), files);
    }
    if (!(validation instanceof ImageSource judged) || judged.classNames().equals(classNames)) {
      return this;
    }
    try {
      if (judged.classNames().isEmpty()) {
        throw new DataException(
            "--valid (%s) must have classes, as --data has, got none".formatted(judged.name()));
      }
      return new ImageSets(shape, classNames, training, judged.withClassNames(classNames), files);
    } catch (DataException e) {
      files.close();
      throw e;
    }
  }

  @Override
  public void close() {
    files.close();
  }
}
