package org.md4j.quality;

import java.nio.file.Path;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean and covariance of the feature vectors of a set of images, which a {@link
 * FrechetDistance} compares.
 *
 * @param provenance origin of the vectors
 * @param count M, the number of vectors, at least 2
 * @param mean [F], DOUBLE; not to be changed
 * @param covariance [F, F], DOUBLE, unbiased (divided by M - 1); not to be changed
 */
public record FeatureStatistics(
    FeatureProvenance provenance, long count, INDArray mean, INDArray covariance) {
  /** Rejects arrays whose shapes or types do not fit together, and fewer than two vectors. */
  public FeatureStatistics {
    if (count < 2) {
      throw new IllegalArgumentException(
          "count (" + count + ") must be at least 2: one vector has no covariance");
    }
    require("mean", mean, "[F]", mean.length());
    require("covariance", covariance, "[F, F]", mean.length(), mean.length());
  }

  /** The length of the vectors, F. */
  public int width() {
    return (int) mean.length();
  }

  /**
   * Writes the statistics as an NPZ archive: {@code mu.npy} and {@code sigma.npy}, as Python's
   * tools for the FID name them, and {@code statistics.json} with count and provenance. An existing
   * file is replaced when the new one is whole.
   *
   * @throws org.md4j.data.DataException if the file cannot be written
   */
  public void write(Path file) {
    FeatureStatisticsFile.write(this, file);
  }

  /**
   * Reads statistics that {@link #write} wrote.
   *
   * @throws org.md4j.data.DataException if the file is missing, damaged or something else
   */
  public static FeatureStatistics read(Path file) {
    return FeatureStatisticsFile.read(file);
  }

  private static void require(String name, INDArray array, String symbols, long... shape) {
    if (array.dataType() != DataType.DOUBLE || !Arrays.equals(array.shape(), shape)) {
      throw new IllegalArgumentException(
          "%s must be DOUBLE of shape %s = %s, got %s of shape %s"
              .formatted(
                  name,
                  symbols,
                  Arrays.toString(shape),
                  array.dataType(),
                  Arrays.toString(array.shape())));
    }
  }
}
