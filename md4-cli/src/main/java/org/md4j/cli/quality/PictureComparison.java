package org.md4j.cli.quality;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.ImageSets;
import org.md4j.data.image.ImageShape;
import org.md4j.quality.ClassifierConfig;
import org.md4j.quality.ImageClassifier;
import org.md4j.quality.ImageFeatures;
import org.md4j.quality.ImageJudge;
import org.md4j.quality.ImageQuality;
import org.md4j.quality.OnnxFeatures;

/**
 * A reference to compare drawn pictures with, and what real ones outside it get.
 *
 * @param sets the reference and the held-out pictures; closed with this
 * @param features that are compared; closed with this
 * @param distance what the Fréchet distance is called
 * @param told the features for people, in a line
 * @param judge of pictures
 * @param heldOut as many real pictures under the same judge
 */
public record PictureComparison(
    ImageSets sets,
    ImageFeatures features,
    String distance,
    String told,
    ImageJudge judge,
    ImageQuality heldOut)
    implements AutoCloseable {
  /** The length of the Inception network's features: with others the distance is no FID. */
  private static final int INCEPTION_WIDTH = 2048;

  /**
   * Prepares the judge and measures held-out pictures with it.
   *
   * @param sets closed with this
   * @param onnx a network for the features; null to train a classifier for them
   * @param count pictures that are compared
   * @param reference pictures the distance is measured to, at most
   * @param seed of the classifier
   */
  public static PictureComparison of(
      ImageSets sets, @Nullable Path onnx, int count, int reference, long seed) {
    ImageShape shape = sets.shape();
    if (onnx != null) {
      ImageFeatures features =
          OnnxFeatures.open(onnx, shape.height(), shape.width(), shape.colours());
      String distance = features.width() == INCEPTION_WIDTH ? "FID" : "Fréchet distance";
      return judged(sets, features, distance, features.name(), count, reference);
    }
    ImageClassifier classifier =
        ImageClassifier.train(
            sets.training(),
            sets.validation(),
            shape.height(),
            shape.width(),
            shape.colours(),
            ClassifierConfig.builder(seed).build());
    ImageFeatures features = classifier.features();
    String told =
        String.format(
            Locale.ROOT, "%s; accuracy %.3f held out", features.name(), classifier.accuracy());
    return judged(sets, features, "classifier Fréchet distance", told, count, reference);
  }

  private static PictureComparison judged(
      ImageSets sets,
      ImageFeatures features,
      String distance,
      String told,
      int count,
      int reference) {
    ImageJudge judge = ImageJudge.of(features, sets.training(), reference, count);
    return new PictureComparison(
        sets, features, distance, told, judge, judge.quality(sets.validation()));
  }

  @Override
  public void close() {
    features.close();
    sets.close();
  }
}
