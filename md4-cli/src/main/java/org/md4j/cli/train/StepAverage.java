package org.md4j.cli.train;

import java.util.Locale;
import org.md4j.cli.run.RunKind;
import org.md4j.train.StepReport;

/** Loss and speed calm enough to read: exponential averages, unbiased from the first step on. */
final class StepAverage {
  private static final double RATE = 0.98;

  private final RunKind kind;
  private double bits;
  private double seconds;
  private double tokens;
  private double weight;

  StepAverage(RunKind kind) {
    this.kind = kind;
  }

  void add(StepReport step) {
    bits = blend(bits, step.bitsPerToken());
    seconds = blend(seconds, step.seconds());
    tokens = blend(tokens, step.tokensPerSecond() * step.seconds());
    weight = blend(weight, 1);
  }

  double bitsPerToken() {
    return bits / weight;
  }

  double tokensPerSecond() {
    return tokens / seconds;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.3f %s, %,.0f %s/s",
        bitsPerToken(),
        kind.shortUnit(),
        tokensPerSecond(),
        kind.tokens());
  }

  private static double blend(double average, double value) {
    return RATE * average + (1 - RATE) * value;
  }
}
