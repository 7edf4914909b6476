package org.md4j.cli.study;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.likelihood.SampleMean;
import org.md4j.train.ScheduleReport;

/**
 * One model's row of the table.
 *
 * @param model which
 * @param steps of its training
 * @param evaluations rows given to the network in training
 * @param parameters of the network
 * @param powers of the averaged schedule, or null for a model that learns none
 * @param bits the mean of each group of {@link CommonRows}, bits a character, [groups]
 */
public record ModelRow(
    StudyModel model,
    int steps,
    long evaluations,
    long parameters,
    @Nullable ScheduleReport powers,
    double[] bits) {
  /** Bits a character with its standard error over groups of rows. */
  public SampleMean mean() {
    return SampleMean.of(bits);
  }

  /** How much more than another model this one costs, bits a character, group by group. */
  public SampleMean difference(ModelRow other) {
    double[] differences = new double[bits.length];
    Arrays.setAll(differences, group -> bits[group] - other.bits[group]);
    return SampleMean.of(differences);
  }

  /**
   * A line of the table.
   *
   * @param reference what it is compared with, or null
   */
  String toMarkdown(@Nullable ModelRow reference) {
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %,d | %,d | %s | %s | %s |",
        model,
        steps,
        evaluations,
        parameters,
        String.format(Locale.ROOT, "%.4f ± %.4f", mean().mean(), mean().standardError()),
        reference == null || reference.model == model ? "" : markdown(difference(reference)),
        powers == null ? "" : markdown(powers));
  }

  private static String markdown(SampleMean difference) {
    return String.format(
        Locale.ROOT, "%+.4f ± %.4f", difference.mean(), difference.standardError());
  }

  private static String markdown(ScheduleReport powers) {
    return String.format(
        Locale.ROOT, "%.3f, %.3f, %.3f", powers.least(), powers.mean(), powers.greatest());
  }
}
