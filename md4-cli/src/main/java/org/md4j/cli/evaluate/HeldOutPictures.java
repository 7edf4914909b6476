package org.md4j.cli.evaluate;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.ImageSets;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.core.RowSource;
import org.md4j.data.DataException;
import org.md4j.data.image.ImageData;
import org.md4j.data.image.ImageSource;
import org.md4j.train.Checkpoint;

/**
 * The pictures that an image run is measured on, and those it learned from.
 *
 * @param heldOut to measure on; labelled only if the network knows the classes
 * @param split which part of their set they are
 * @param training what the run learned from; null if that was not asked for
 * @param files closed with this
 */
public record HeldOutPictures(
    RowSource heldOut, String split, @Nullable RowSource training, ImageSets.Files files)
    implements AutoCloseable {
  /**
   * Opens the run's own validation part, or all pictures of another set.
   *
   * @param data the other set, or null
   * @param withTraining whether the pictures the run learned from are needed in any case
   * @throws CommandException if the run's own pictures are no longer those it was trained on, or
   *     the others do not fit its network
   */
  static HeldOutPictures of(
      ImageRunConfig config, Checkpoint checkpoint, @Nullable Path data, boolean withTraining) {
    if (data == null) {
      ImageSets own = own(config, checkpoint);
      return new HeldOutPictures(
          labelled(own.validation(), own.classNames(), config),
          "validation",
          own.training(),
          own::close);
    }
    ImageSource other = ImageData.open(data, ImageSets.geometry(config.network(), config.crop()));
    if (!other.shape().equals(config.shape())) {
      other.close();
      throw new CommandException(
          "--data (%s) must have pictures of %s, as the run, got %s"
              .formatted(data, config.shape(), other.shape()));
    }
    RowSource heldOut = labelledByName(other, config);
    if (!withTraining) {
      return new HeldOutPictures(heldOut, "all", null, other::close);
    }
    ImageSets own = own(config, checkpoint);
    return new HeldOutPictures(
        heldOut,
        "all",
        own.training(),
        () -> {
          own.close();
          other.close();
        });
  }

  /** The pictures with the numbers that their classes' names have in the run, if both have any. */
  private static RowSource labelledByName(ImageSource pictures, ImageRunConfig config) {
    if (config.classNames().isEmpty() || pictures.classNames().isEmpty()) {
      return labelled(pictures, pictures.classNames(), config);
    }
    try {
      return pictures.withClassNames(config.classNames());
    } catch (DataException e) {
      pictures.close();
      throw e;
    }
  }

  /** The pictures with the classes the network knows, or without any if they have others. */
  private static RowSource labelled(
      RowSource pictures, List<String> classNames, ImageRunConfig config) {
    boolean known =
        config.classNames().isEmpty()
            ? pictures.classes() == config.network().classes()
            : classNames.equals(config.classNames());
    return known ? pictures : pictures.withoutLabels();
  }

  private static ImageSets own(ImageRunConfig config, Checkpoint checkpoint) {
    ImageSets sets = ImageSets.of(config);
    RowSource training = sets.training();
    if (!training.sha256().equals(checkpoint.data().sha256())) {
      sets.close();
      throw new CommandException(
          "%s (sha256 %s) must be the pictures this run was trained on (sha256 %s): to measure on others name them with --data, without --baselines"
              .formatted(training.name(), training.sha256(), checkpoint.data().sha256()));
    }
    return sets;
  }

  @Override
  public void close() {
    files.close();
  }
}
