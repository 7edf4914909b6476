package org.md4j.quality;

import java.util.Arrays;
import org.md4j.core.RowSource;

/**
 * Codes values independently, each colour by how often the training set has it, every count one
 * more than seen: the best a model can do that looks at nothing else.
 */
public final class HistogramCode implements ImageCode {
  private static final int VALUES = 256;

  private final double[][] bits;

  private HistogramCode(double[][] bits) {
    this.bits = bits;
  }

  /**
   * Counts values.
   *
   * @param training images to count
   * @param colours colours of a pixel, each with a histogram of its own
   * @param images largest number of images to count, at least 1
   */
  public static HistogramCode fit(RowSource training, int colours, int images) {
    if (colours < 1 || training.length() % colours != 0) {
      throw new IllegalArgumentException(
          "colours (%d) must divide N = %d".formatted(colours, training.length()));
    }
    double[][] counts = new double[colours][VALUES];
    for (double[] row : counts) {
      Arrays.fill(row, 1);
    }
    int[] tokens = new int[training.length()];
    for (long i = 0; i < Math.min(images, training.size()); i++) {
      training.row(i, tokens);
      for (int n = 0; n < tokens.length; n++) {
        counts[n % colours][tokens[n]]++;
      }
    }
    for (double[] row : counts) {
      double sum = Arrays.stream(row).sum();
      Arrays.setAll(row, value -> Math.log(sum / row[value]) / Math.log(2));
    }
    return new HistogramCode(counts);
  }

  @Override
  public String name() {
    return "independent values";
  }

  @Override
  public double bits(int[] tokens) {
    double sum = 0;
    for (int n = 0; n < tokens.length; n++) {
      sum += bits[n % bits.length][tokens[n]];
    }
    return sum;
  }
}
