package org.md4j.cli.option;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.md4j.train.CheckpointConfig;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say when checkpoints are written and how many are kept. */
public final class CheckpointFlags {
  /** The option that says when. */
  public static final String EVERY = "--checkpoint-every";

  /** The option that says how many. */
  public static final String KEEP = "--keep";

  /** What passes between two checkpoints: steps or minutes, 0 for what does not matter. */
  private record Interval(int steps, double minutes) {}

  /** Reads an interval: 500 for steps, 10m for minutes. */
  static final class IntervalConverter implements ITypeConverter<Interval> {
    private static final Pattern STEPS = Pattern.compile("[0-9]{1,9}");
    private static final Pattern MINUTES = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)m");

    @Override
    public Interval convert(String value) {
      if (STEPS.matcher(value).matches()) {
        return new Interval(Integer.parseInt(value), 0);
      }
      Matcher minutes = MINUTES.matcher(value);
      if (!minutes.matches()) {
        throw new TypeConversionException(
            "'%s' must be steps, as 500, or minutes, as 10m".formatted(value));
      }
      return new Interval(0, Double.parseDouble(minutes.group(1)));
    }
  }

  @Option(
      names = EVERY,
      paramLabel = "STEPS|MINUTESm",
      converter = IntervalConverter.class,
      description =
          "Write a checkpoint after so many steps, as 500, or minutes, as 10m; 0 for none but at the"
              + " end, when stopped and after an evaluation better than all before. Default: 10m.")
  private @Nullable Interval interval;

  @Option(
      names = KEEP,
      paramLabel = "COUNT",
      description =
          "Latest checkpoints that are kept, as checkpoint-<step>.md4, beside the best by validation,"
              + " checkpoint-best.md4. Default: 2.")
  private @Nullable Integer keep;

  /** Settings with what was asked to be changed. */
  public CheckpointConfig.Builder change(CheckpointConfig.Builder checkpoints) {
    if (interval != null) {
      checkpoints.every(interval.steps()).minutes(interval.minutes());
    }
    if (keep != null) {
      checkpoints.keep(keep);
    }
    return checkpoints;
  }
}
