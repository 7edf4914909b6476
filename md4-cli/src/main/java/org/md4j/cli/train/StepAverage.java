package org.md4j.cli.train;

import java.util.Locale;
import org.md4j.cli.run.RunKind;
import org.md4j.train.StepReport;

/**
 * Loss and speed calm enough to read: exponential averages, unbiased from the first step on. Steps
 * without an update are counted, and their losses are not in the average.
 */
final class StepAverage {
  private static final double RATE = 0.98;

  private final RunKind kind;
  private double bits;
  private double seconds;
  private double tokens;
  private double bitsWeight;
  private int skipped;

  StepAverage(RunKind kind) {
    this.kind = kind;
  }

  void add(StepReport step) {
    if (step.isSkipped()) {
      skipped++;
    } else {
      bits = blend(bits, step.bitsPerToken());
      bitsWeight = blend(bitsWeight, 1);
    }
    seconds = blend(seconds, step.seconds());
    tokens = blend(tokens, step.tokensPerSecond() * step.seconds());
  }

  double bitsPerToken() {
    return bits / bitsWeight;
  }

  double tokensPerSecond() {
    return tokens / seconds;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.3f %s, %,.0f %s/s%s",
        bitsPerToken(),
        kind.shortUnit(),
        tokensPerSecond(),
        kind.tokens(),
        skipped == 0 ? "" : String.format(Locale.ROOT, ", %,d steps left out", skipped));
  }

  private static double blend(double average, double value) {
    return RATE * average + (1 - RATE) * value;
  }
}
