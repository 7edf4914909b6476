package org.md4j.cli.option;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.md4j.objective.TrainingNoise;
import org.md4j.objective.TrainingWeight;
import org.md4j.process.BellTimes;
import org.md4j.process.PowerTimes;
import org.md4j.process.TimeLaw;
import org.md4j.process.WindowTimes;
import picocli.CommandLine.Option;

/** The options that change how training rows are noised and weighed; none changes the bound. */
final class NoiseFlags {
  /** Reads a training weight, such as {@code capped:5}. */
  static final class WeightConverter extends NumbersConverter<TrainingWeight> {
    WeightConverter() {
      super(
          List.of(
              new Form<>("bound", n -> TrainingWeight.bound()),
              new Form<>("flat:VALUE", n -> TrainingWeight.flat(n[0])),
              new Form<>("capped:MOST", n -> TrainingWeight.capped(n[0])),
              new Form<>("annealed:VALUE:UNTIL", n -> TrainingWeight.annealed(n[0], n[1]))));
    }
  }

  @Option(
      names = "--times",
      paramLabel = "LAW",
      converter = TimesConverter.class,
      description =
          "Law of the times that rows are trained at, weighed so that the bound stays unbiased:"
              + " uniform, the paper's; power:EXPONENT, u^(1+EXPONENT), more rows with few masks;"
              + " window:FROM:TO:SHARE; floor:FROM:SHARE; bell:PEAK:WIDTH. ${bundle:default.times}")
  private @Nullable TimeLaw times;

  @Option(
      names = "--weight",
      paramLabel = "NAME",
      converter = WeightConverter.class,
      description =
          "What a row weighs in training; all but the bound's are biased: bound; flat:VALUE, the"
              + " same for all; capped:MOST; annealed:VALUE:UNTIL, from flat to the bound's over"
              + " that share of the steps. ${bundle:default.weight} Always bound for genmd4, d3pm.")
  private @Nullable TrainingWeight weight;

  @Option(
      names = "--pairs",
      negatable = true,
      description =
          "Train each example as two rows with complementary masks: every token is hidden in one of"
              + " them (nearly every one for models other than md4). ${bundle:default.pairs}")
  private @Nullable Boolean pairs;

  @Option(
      names = "--mask-counts",
      negatable = true,
      description =
          "Draw how many tokens of a row are masked in place of its time: the same bound with less"
              + " variance. ${bundle:default.mask-counts}")
  private @Nullable Boolean maskCounts;

  /** A preset's law as it would be typed. */
  static String spelled(TimeLaw law) {
    if (law instanceof PowerTimes power) {
      return spelled("power", power.exponent());
    }
    if (law instanceof WindowTimes window) {
      return spelled("window", window.from(), window.to(), window.share());
    }
    if (law instanceof BellTimes bell) {
      return spelled("bell", bell.peak(), bell.width());
    }
    return "uniform";
  }

  /** A preset's weight as it would be typed. */
  static String spelled(TrainingWeight weight) {
    if (weight instanceof TrainingWeight.FlatWeight flat) {
      return spelled("flat", flat.value());
    }
    if (weight instanceof TrainingWeight.CappedWeight capped) {
      return spelled("capped", capped.most());
    }
    if (weight instanceof TrainingWeight.AnnealedWeight annealed) {
      return spelled("annealed", annealed.value(), annealed.until());
    }
    return "bound";
  }

  private static String spelled(String name, double... numbers) {
    return DoubleStream.of(numbers)
        .mapToObj(PresetDefaults::plain)
        .collect(Collectors.joining(":", name + ":", ""));
  }

  /** Says whether any of these options was given. */
  boolean isAsked() {
    return times != null || weight != null || pairs != null || maskCounts != null;
  }

  /** A preset's noise with what was asked to be changed. */
  TrainingNoise noise(TrainingNoise base) {
    TrainingNoise noise = base;
    if (times != null) {
      noise = noise.withTimes(times);
    }
    if (weight != null) {
      noise = noise.withWeight(weight);
    }
    if (pairs != null) {
      noise = noise.withComplementaryPairs(pairs);
    }
    return maskCounts == null ? noise : noise.withMaskCounts(maskCounts);
  }
}
