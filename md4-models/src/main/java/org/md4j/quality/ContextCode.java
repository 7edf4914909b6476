package org.md4j.quality;

import java.util.Arrays;
import org.md4j.core.RowSource;

/**
 * A small context model of the kind of lossless coders: every value is predicted from its left,
 * upper and upper left neighbours of the same colour by the median edge detector, corrected by how
 * far the colour before it missed at the same pixel; the residual modulo 256 is coded by adaptive
 * counts of its context, which is how busy the neighbourhood is.
 *
 * <p>Source: the predictor is that of LOCO-I (Weinberger, Seroussi and Sapiro, "The LOCO-I lossless
 * image compression algorithm", IEEE Transactions on Image Processing 9(8), 2000).
 *
 * <p>The length is that of an ideal arithmetic code, -log2 of the probabilities, in double. The
 * counts are learned from training images and carried into every held-out image anew: within a
 * image they go on learning, from one to the next they do not, so the images are independent.
 */
public final class ContextCode implements ImageCode {
  private static final int VALUES = 256;

  /** The number added to the contexts' counts when a residual is seen; counts start at one. */
  private static final int INCREMENT = 24;

  /** The upper ends of the classes of local activity; a last class lies above. */
  private static final int[] ACTIVITY = {0, 2, 5, 9, 14, 21, 30, 42, 60, 90, 140, 220};

  private final int width;
  private final int colours;
  private final int[][] counts;
  private final long[] sums;

  private ContextCode(int width, int colours) {
    this.width = width;
    this.colours = colours;
    int contexts = colours * (ACTIVITY.length + 1);
    counts = new int[contexts][VALUES];
    sums = new long[contexts];
    for (int context = 0; context < contexts; context++) {
      Arrays.fill(counts[context], 1);
      sums[context] = VALUES;
    }
  }

  /**
   * Learns the counts.
   *
   * @param training images to learn from
   * @param width width of an image
   * @param colours colours of a pixel
   * @param images largest number of images to count, at least 1
   */
  public static ContextCode fit(RowSource training, int width, int colours, int images) {
    if (width < 1 || colours < 1 || training.length() % (width * colours) != 0) {
      throw new IllegalArgumentException(
          "width (%d) times colours (%d) must divide N = %d"
              .formatted(width, colours, training.length()));
    }
    ContextCode code = new ContextCode(width, colours);
    int[] tokens = new int[training.length()];
    for (long i = 0; i < Math.min(images, training.size()); i++) {
      training.row(i, tokens);
      code.learn(tokens);
    }
    return code;
  }

  @Override
  public String name() {
    return "context model";
  }

  @Override
  public double bits(int[] tokens) {
    return copy().learn(tokens);
  }

  private ContextCode copy() {
    ContextCode copy = new ContextCode(width, colours);
    for (int context = 0; context < counts.length; context++) {
      copy.counts[context] = counts[context].clone();
      copy.sums[context] = sums[context];
    }
    return copy;
  }

  /** Codes an image and learns from it as it goes; returns the bits. */
  private double learn(int[] tokens) {
    if (tokens.length % (width * colours) != 0) {
      throw new IllegalArgumentException(
          "tokens must have shape [N] with N a multiple of %d, got [%d]"
              .formatted(width * colours, tokens.length));
    }
    double nats = 0;
    for (int n = 0; n < tokens.length; n++) {
      int colour = n % colours;
      int predicted = predict(tokens, n);
      int correction = colour > 0 ? tokens[n - 1] - predict(tokens, n - 1) : 0;
      int guess = Math.max(0, Math.min(VALUES - 1, predicted + correction));
      int context = colour * (ACTIVITY.length + 1) + activity(tokens, n, correction);
      int residual = Math.floorMod(tokens[n] - guess, VALUES);
      nats -= Math.log((double) counts[context][residual] / sums[context]);
      counts[context][residual] += INCREMENT;
      sums[context] += INCREMENT;
    }
    return nats / Math.log(2);
  }

  /**
   * Predicts by the median edge detector: the median of left, above and left + above - upper left.
   */
  private int predict(int[] tokens, int n) {
    int left = left(tokens, n);
    int above = above(tokens, n);
    int corner = corner(tokens, n);
    if (corner >= Math.max(left, above)) {
      return Math.min(left, above);
    }
    return corner <= Math.min(left, above) ? Math.max(left, above) : left + above - corner;
  }

  private int activity(int[] tokens, int n, int correction) {
    int corner = corner(tokens, n);
    int change =
        Math.abs(left(tokens, n) - corner)
            + Math.abs(above(tokens, n) - corner)
            + Math.abs(correction);
    int level = 0;
    while (level < ACTIVITY.length && change > ACTIVITY[level]) {
      level++;
    }
    return level;
  }

  private int left(int[] tokens, int n) {
    return n % (width * colours) >= colours ? tokens[n - colours] : above(tokens, n);
  }

  private int above(int[] tokens, int n) {
    int row = width * colours;
    if (n >= row) {
      return tokens[n - row];
    }
    return n >= colours ? tokens[n - colours] : 0;
  }

  private int corner(int[] tokens, int n) {
    int row = width * colours;
    return n >= row && n % row >= colours ? tokens[n - row - colours] : above(tokens, n);
  }
}
