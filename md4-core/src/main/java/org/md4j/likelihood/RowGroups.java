package org.md4j.likelihood;

/**
 * A division of rows into groups of one size, the last of which may be smaller, where groups are
 * independent of each other and rows are not: the mean over rows and its standard error.
 *
 * <pre>
 *   mean  = sum over groups of w_g m_g           w_g = rows of g / rows, m_g = mean of group g
 *   error = sqrt(G/(G-1) sum over groups of (w_g (m_g - mean))^2)
 * </pre>
 *
 * <p>For groups that are all of one size this is {@code sd(m) / sqrt(G)}. All evaluations of this
 * library, in training and after it, take their errors from here.
 *
 * @param rows in all groups, at least 1
 * @param size rows of a group, at least 1
 */
public record RowGroups(long rows, int size) {
  /** Checks both ranges. */
  public RowGroups {
    if (rows < 1) {
      throw new IllegalArgumentException("rows (" + rows + ") must be at least 1");
    }
    if (size < 1) {
      throw new IllegalArgumentException("size (" + size + ") must be at least 1");
    }
  }

  /** The number G of groups. */
  public long count() {
    return (rows - 1) / size + 1;
  }

  /**
   * Returns the rows of a group: {@link #size}, or fewer in the last.
   *
   * @param group in {@code [0, G)}
   */
  public int rowsOf(long group) {
    return (int) Math.min(size, rows - group * size);
  }

  /**
   * Returns the mean over rows.
   *
   * @param means of the groups, [G]
   * @return in the unit of the means
   */
  public double mean(double[] means) {
    requireAll(means);
    double mean = 0;
    for (int group = 0; group < means.length; group++) {
      mean += weight(group) * means[group];
    }
    return mean;
  }

  /**
   * Returns the standard error of {@link #mean}, the rows being a sample.
   *
   * @param means of the groups, [G]
   * @param mean over rows, what {@link #mean} returns or a sum of such means
   * @return in the unit of the means; NaN for a single group
   */
  public double standardError(double[] means, double mean) {
    requireAll(means);
    double sum = 0;
    for (int group = 0; group < means.length; group++) {
      double deviation = weight(group) * (means[group] - mean);
      sum += deviation * deviation;
    }
    return Math.sqrt(sum * means.length / (means.length - 1.0));
  }

  private double weight(int group) {
    return (double) rowsOf(group) / rows;
  }

  private void requireAll(double[] means) {
    if (means.length != count()) {
      throw new IllegalArgumentException(
          "means must be one of each group, [G] = [%d], got [%d]".formatted(count(), means.length));
    }
  }
}
