package org.md4j.cli.study;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.md4j.likelihood.SampleMean;
import org.md4j.train.GradientNoise;
import org.md4j.train.ScheduleReport;

/**
 * What was measured of one run.
 *
 * @param model which
 * @param seed of its training
 * @param steps of its training
 * @param evaluations rows given to the network in training
 * @param parameters of the network
 * @param powers of the averaged schedule, or null for a model that learns none
 * @param bits the mean of each group of {@link CommonRows}, bits a character, [groups]
 * @param noise of its gradient at md4's parameters of this seed, or null where that is not measured
 */
public record ModelRow(
    StudyModel model,
    long seed,
    int steps,
    long evaluations,
    long parameters,
    @Nullable ScheduleReport powers,
    double[] bits,
    @Nullable GradientNoise noise) {
  /** Bits a character with its standard error over groups of rows. */
  public SampleMean mean() {
    return SampleMean.of(bits);
  }

  /** How much more than another run this one costs, bits a character, group by group. */
  public SampleMean difference(ModelRow other) {
    double[] differences = new double[bits.length];
    Arrays.setAll(differences, group -> bits[group] - other.bits[group]);
    return SampleMean.of(differences);
  }
}
