package org.md4j.cli.quality;

import java.util.List;
import org.md4j.core.RowSource;
import org.md4j.quality.FeatureAccumulator;
import org.md4j.quality.FeatureProvenance;
import org.md4j.quality.FeatureStatistics;
import org.md4j.quality.FrechetDistance;
import org.md4j.quality.ImageFeatures;
import org.md4j.quality.PrecisionRecall;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Compares sets of pictures of one size with a reference: the Fréchet distance to many pictures of
 * it, precision and recall against as many as there are in a set. Real pictures outside the
 * reference, judged the same way, are the floor to see the numbers against.
 *
 * <p>Not safe for use by several threads at once, as the features are not.
 */
public final class PictureJudge {
  /** The fewest pictures that can be judged: each needs a k-th neighbour among the others. */
  public static final int FEWEST = PrecisionRecall.USUAL_NEIGHBOURS + 1;

  private static final int TOGETHER = 64;

  private final ImageFeatures features;
  private final FeatureStatistics reference;
  private final INDArray real; // [count, F]

  private PictureJudge(ImageFeatures features, FeatureStatistics reference, INDArray real) {
    this.features = features;
    this.reference = reference;
    this.real = real;
  }

  /**
   * A judge that looks at the reference once, a few pictures at a time.
   *
   * @param features what is compared; the caller closes them, after the last judgement
   * @param reference real pictures
   * @param most how many of them the Fréchet distance is measured to, at most; spread evenly
   * @param count pictures of every set to be judged, at least {@link #FEWEST} and at most as many
   *     as the reference has
   */
  public static PictureJudge of(ImageFeatures features, RowSource reference, int most, int count) {
    if (count < FEWEST || count > reference.size()) {
      throw new IllegalArgumentException(
          "count (%d) must be in %d..%d, the pictures of the reference"
              .formatted(count, FEWEST, reference.size()));
    }
    SpreadRows spread = new SpreadRows(reference, (int) Math.min(most, reference.size()));
    FeatureAccumulator all = new FeatureAccumulator(features.width());
    for (int from = 0; from < spread.count(); from += TOGETHER) {
      int to = Math.min(spread.count(), from + TOGETHER);
      all.add(features.features(spread.range(from, to).toArray(int[][]::new)));
    }
    FeatureProvenance provenance =
        new FeatureProvenance(features.name(), reference.name(), reference.sha256());
    return new PictureJudge(
        features,
        all.statistics(provenance),
        features(features, new SpreadRows(reference, count).all()));
  }

  /** What the pictures of the reference are like. */
  public FeatureStatistics reference() {
    return reference;
  }

  /**
   * Judges pictures.
   *
   * @param pictures [count][N] tokens, 0..255
   */
  public PictureQuality quality(List<int[]> pictures) {
    if (pictures.size() != real.rows()) {
      throw new IllegalArgumentException(
          "pictures (%d) must be as many as this judges, %d"
              .formatted(pictures.size(), real.rows()));
    }
    INDArray drawn = features(features, pictures);
    FeatureAccumulator all = new FeatureAccumulator(features.width());
    all.add(drawn);
    PrecisionRecall overlap = PrecisionRecall.of(real, drawn, PrecisionRecall.USUAL_NEIGHBOURS);
    return new PictureQuality(
        FrechetDistance.between(
            reference, all.statistics(new FeatureProvenance(features.name(), "pictures", null))),
        overlap.precision(),
        overlap.recall());
  }

  /** [pictures, F]. */
  private static INDArray features(ImageFeatures features, List<int[]> pictures) {
    INDArray all = Nd4j.createUninitialized(DataType.FLOAT, pictures.size(), features.width());
    for (int from = 0; from < pictures.size(); from += TOGETHER) {
      int to = Math.min(pictures.size(), from + TOGETHER);
      all.get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
          .assign(features.features(pictures.subList(from, to).toArray(int[][]::new)));
    }
    return all;
  }
}
