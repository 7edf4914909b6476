package org.md4j.quality;

import java.util.ArrayList;
import java.util.List;
import org.md4j.core.RowSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Compares sets of images of one size with a reference: the Fréchet distance to many images of it,
 * precision and recall against as many as there are in a set. Real images outside the reference,
 * judged the same way, are the floor to see the numbers against.
 *
 * <p>Not safe for use by several threads at once, as the features are not.
 */
public final class ImageJudge {
  /** The fewest images that can be judged: each needs a k-th neighbour among the others. */
  public static final int FEWEST = PrecisionRecall.USUAL_NEIGHBOURS + 1;

  private static final int TOGETHER = 64;

  private final ImageFeatures features;
  private final FeatureStatistics reference;
  private final INDArray real; // [count, F]

  private ImageJudge(ImageFeatures features, FeatureStatistics reference, INDArray real) {
    this.features = features;
    this.reference = reference;
    this.real = real;
  }

  /**
   * Returns a judge that looks at the reference once, a few images at a time.
   *
   * @param features features that are compared; the caller closes them, after the last judgement
   * @param reference real images
   * @param most largest number of them that the Fréchet distance is measured to; spread evenly
   * @param count images of every set to be judged, at least {@link #FEWEST} and at most as many as
   *     the reference has
   */
  public static ImageJudge of(ImageFeatures features, RowSource reference, int most, int count) {
    if (count < FEWEST || count > reference.size()) {
      throw new IllegalArgumentException(
          "count (%d) must be in %d..%d, the images of the reference"
              .formatted(count, FEWEST, reference.size()));
    }
    RowSource spread = reference.spread(most);
    FeatureAccumulator all = new FeatureAccumulator(features.width());
    for (long from = 0; from < spread.size(); from += TOGETHER) {
      long to = Math.min(spread.size(), from + TOGETHER);
      all.add(features.features(images(spread, from, to).toArray(int[][]::new)));
    }
    FeatureProvenance provenance =
        new FeatureProvenance(features.name(), reference.name(), reference.sha256());
    return new ImageJudge(
        features, all.statistics(provenance), features(features, images(reference.spread(count))));
  }

  /** The statistics of the reference's images. */
  public FeatureStatistics reference() {
    return reference;
  }

  /**
   * Judges images.
   *
   * @param images [count][N] tokens, 0..255
   */
  public ImageQuality quality(List<int[]> images) {
    if (images.size() != real.rows()) {
      throw new IllegalArgumentException(
          "images (%d) must be as many as this judges, %d".formatted(images.size(), real.rows()));
    }
    INDArray drawn = features(features, images);
    FeatureAccumulator all = new FeatureAccumulator(features.width());
    all.add(drawn);
    PrecisionRecall overlap = PrecisionRecall.of(real, drawn, PrecisionRecall.USUAL_NEIGHBOURS);
    return new ImageQuality(
        FrechetDistance.between(
            reference, all.statistics(new FeatureProvenance(features.name(), "images", null))),
        overlap.precision(),
        overlap.recall());
  }

  /**
   * Judges as many images of a source as this judges at once, spread evenly over it.
   *
   * @param images images, at least as many as this judges
   */
  public ImageQuality quality(RowSource images) {
    return quality(images(images.spread(real.rows())));
  }

  private static List<int[]> images(RowSource source) {
    return images(source, 0, source.size());
  }

  private static List<int[]> images(RowSource source, long from, long to) {
    List<int[]> rows = new ArrayList<>((int) (to - from));
    for (long i = from; i < to; i++) {
      int[] row = new int[source.length()];
      source.row(i, row);
      rows.add(row);
    }
    return rows;
  }

  /** Returns the features of images, [images, F]. */
  private static INDArray features(ImageFeatures features, List<int[]> images) {
    INDArray all = Nd4j.createUninitialized(DataType.FLOAT, images.size(), features.width());
    for (int from = 0; from < images.size(); from += TOGETHER) {
      int to = Math.min(images.size(), from + TOGETHER);
      all.get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
          .assign(features.features(images.subList(from, to).toArray(int[][]::new)));
    }
    return all;
  }
}
