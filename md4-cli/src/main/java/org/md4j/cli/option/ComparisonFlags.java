package org.md4j.cli.option;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.ImageSets;
import org.md4j.cli.quality.PictureComparison;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.core.RowSource;
import org.md4j.data.image.ImageShape;
import org.md4j.quality.ImageJudge;
import picocli.CommandLine.Option;

/** The options that say what drawn pictures are compared with, and by which features. */
public final class ComparisonFlags {
  private static final String CLASSIFIER = "classifier";

  @Option(
      names = "--data",
      paramLabel = "REF",
      description =
          "Pictures to compare with: a part is the reference, the rest is held out. Default: those"
              + " of the run.")
  private @Nullable Path data;

  @Option(
      names = "--features",
      paramLabel = "NAME",
      defaultValue = CLASSIFIER,
      description =
          "What is compared: classifier, a small network trained on the reference first, about a"
              + " minute; or FILE.onnx, the Inception network for the FID. Default:"
              + " ${DEFAULT-VALUE}.")
  private String features = CLASSIFIER;

  @Option(
      names = "--count",
      paramLabel = "PICTURES",
      defaultValue = "256",
      description =
          "Pictures to draw, and held-out ones beside them; compare only values of equal counts."
              + " Default: ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--reference",
      paramLabel = "PICTURES",
      defaultValue = "10000",
      description =
          "Pictures of the reference that the distance is measured to, at most. Default:"
              + " ${DEFAULT-VALUE}.")
  private int reference;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Decides every draw and the classifier. Default: ${DEFAULT-VALUE}.")
  private long seed;

  /** Returns how many pictures are drawn. */
  public int count() {
    return count;
  }

  /** Returns the seed of every draw. */
  public long seed() {
    return seed;
  }

  /** Checks what can be checked without the pictures. */
  public void check() {
    if (count < ImageJudge.FEWEST) {
      throw new CommandException(
          "--count (%d) must be at least %d".formatted(count, ImageJudge.FEWEST));
    }
    if (reference < count) {
      throw new CommandException(
          "--reference (%d) must be at least the --count, %d".formatted(reference, count));
    }
    if (onnx() != null && !Files.isRegularFile(onnx())) {
      throw new CommandException(
          "--features (" + features + ") must be classifier or an ONNX file that exists");
    }
  }

  /**
   * Opens the pictures and gets the features, which may take a minute.
   *
   * @param log told what is compared
   */
  public PictureComparison open(ImageRunConfig config, PrintStream log) {
    ImageSets sets =
        data == null
            ? ImageSets.stored(config)
            : ImageSets.open(data, null, ImageSets.geometry(config.network(), config.crop()));
    boolean opened = false;
    try {
      requireFits(sets, config.shape());
      if (onnx() == null) {
        log.println("training the classifier that compares");
      }
      PictureComparison comparison = PictureComparison.of(sets, onnx(), count, reference, seed);
      log.println("features: " + comparison.told());
      opened = true;
      return comparison;
    } finally {
      if (!opened) {
        sets.close();
      }
    }
  }

  private void requireFits(ImageSets sets, ImageShape shape) {
    if (!sets.shape().equals(shape)) {
      throw new CommandException(
          "--data (%s) must have pictures of %s, as the run, got %s"
              .formatted(data, shape, sets.shape()));
    }
    for (RowSource part : List.of(sets.training(), sets.validation())) {
      if (count > part.size()) {
        throw new CommandException(
            "--count (%d) must be at most %d, the pictures of %s"
                .formatted(count, part.size(), part.name()));
      }
    }
    if (onnx() == null && sets.classNames().size() < 2 && shape.height() != shape.width()) {
      throw new CommandException(
          "--features classifier learns classes or how square pictures were rotated, and %s has pictures of %s without classes: give a FILE.onnx"
              .formatted(sets.training().name(), shape));
    }
  }

  private @Nullable Path onnx() {
    return features.equals(CLASSIFIER) ? null : Path.of(features);
  }
}
