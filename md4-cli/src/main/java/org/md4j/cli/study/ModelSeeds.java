package org.md4j.cli.study;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.md4j.likelihood.SampleMean;
import org.md4j.train.ScheduleReport;

/**
 * One model's line of the table: its runs, one a seed. With a single seed what is uncertain are the
 * held-out rows, with several it is the seeds.
 *
 * @param runs of one model, at least one, in the order of the seeds
 */
record ModelSeeds(List<ModelRow> runs) {
  /** Takes the runs as they are now. */
  ModelSeeds {
    runs = List.copyOf(runs);
  }

  /** Which model. */
  StudyModel model() {
    return runs.get(0).model();
  }

  /** Bits a character with their standard error. */
  SampleMean mean() {
    return isSingle()
        ? runs.get(0).mean()
        : SampleMean.of(runs.stream().mapToDouble(run -> run.mean().mean()).toArray());
  }

  /** How much more than another model, trained with the same seeds, this one costs. */
  SampleMean difference(ModelSeeds other) {
    if (isSingle()) {
      return runs.get(0).difference(other.runs.get(0));
    }
    double[] differences = new double[runs.size()];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = runs.get(i).difference(other.runs.get(i)).mean();
    }
    return SampleMean.of(differences);
  }

  /**
   * A line of the table.
   *
   * @param reference what it is compared with, or null
   * @param withNoise whether there is a column for the gradient's noise
   */
  String toMarkdown(@Nullable ModelSeeds reference, boolean withNoise) {
    ModelRow first = runs.get(0);
    String line =
        String.format(
            Locale.ROOT,
            "| %s | %,d | %,d | %,d | %s%s | %s | %s |",
            model(),
            first.steps(),
            first.evaluations(),
            first.parameters(),
            String.format(Locale.ROOT, "%.4f ± %.4f", mean().mean(), mean().standardError()),
            isSingle() ? "" : " (" + each("%.3f", run -> run.mean().mean()) + ")",
            reference == null || reference.model() == model()
                ? ""
                : markdown(difference(reference)),
            powers());
    return withNoise ? line + " " + noise() + " |" : line;
  }

  private boolean isSingle() {
    return runs.size() == 1;
  }

  private String noise() {
    return runs.stream().anyMatch(run -> run.noise() == null)
        ? ""
        : each("%.2f", run -> Objects.requireNonNull(run.noise()).ratio());
  }

  private String powers() {
    List<ScheduleReport> powers =
        runs.stream().map(ModelRow::powers).filter(Objects::nonNull).toList();
    return powers.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "%.3f, %.3f, %.3f",
            powers.stream().mapToDouble(ScheduleReport::least).min().orElseThrow(),
            powers.stream().mapToDouble(ScheduleReport::mean).average().orElseThrow(),
            powers.stream().mapToDouble(ScheduleReport::greatest).max().orElseThrow());
  }

  private String each(String format, Function<ModelRow, Double> value) {
    return runs.stream()
        .map(run -> String.format(Locale.ROOT, format, value.apply(run)))
        .collect(Collectors.joining(", "));
  }

  private static String markdown(SampleMean difference) {
    return String.format(
        Locale.ROOT, "%+.4f ± %.4f", difference.mean(), difference.standardError());
  }
}
