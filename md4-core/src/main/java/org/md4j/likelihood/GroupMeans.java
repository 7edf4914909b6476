package org.md4j.likelihood;

import java.util.Arrays;

/**
 * The means and standard errors of observations that come group by group, pass after pass: the
 * observations of a group are averaged first, then the groups, as {@link RowGroups} says.
 */
final class GroupMeans {
  private static final int FIRST_CAPACITY = 1024;

  private final GroupSampler sampler;
  private double[] sums = new double[FIRST_CAPACITY]; // [groups seen]
  private long observations;

  /** Makes means without observations. */
  GroupMeans(GroupSampler sampler) {
    this.sampler = sampler;
  }

  /** Adds the next observation. */
  void add(double value) {
    int group = Math.toIntExact(observations % sampler.groups());
    if (group == sums.length) {
      sums = Arrays.copyOf(sums, 2 * group);
    }
    sums[group] += value;
    observations++;
  }

  /** Returns the differences, observation by observation, to means of the same observations. */
  GroupMeans minus(GroupMeans other) {
    GroupMeans differences = new GroupMeans(sampler);
    differences.observations = observations;
    differences.sums = new double[sums.length];
    Arrays.setAll(differences.sums, group -> sums[group] - other.sums[group]);
    return differences;
  }

  /** The number of observations taken. */
  long observations() {
    return observations;
  }

  /** The number G of different groups seen. */
  int groups() {
    return (int) Math.min(observations, sampler.groups());
  }

  /** Computes the mean of each group seen, [G]. */
  double[] values() {
    double[] values = new double[groups()];
    Arrays.setAll(values, this::value);
    return values;
  }

  /** The number of different rows seen. */
  long rows() {
    int last = groups() - 1;
    return (long) last * sampler.rowsOf(0) + sampler.rowsOf(last);
  }

  /** Computes the mean over rows. */
  double mean() {
    return groupsSeen().mean(values());
  }

  /**
   * Computes the standard error of {@link #mean}, the rows being a sample; for at least 2 groups.
   */
  double standardError() {
    return groupsSeen().standardError(values(), mean());
  }

  private RowGroups groupsSeen() {
    return new RowGroups(rows(), sampler.rowsOf(0));
  }

  private double value(int group) {
    long passes = observations / sampler.groups();
    boolean once = group < observations % sampler.groups();
    return sums[group] / (once ? passes + 1 : passes);
  }
}
