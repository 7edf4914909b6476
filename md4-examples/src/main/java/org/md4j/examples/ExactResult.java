package org.md4j.examples;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.likelihood.SampleMean;

/**
 * An exact likelihood or a bound made of exact ones.
 *
 * @param name upper, middle or lower, or policy
 * @param how it was measured
 * @param bitsPerCharacter mean over rows; null if it is infinite
 * @param standardError over rows, bits a character; null if there is none
 * @param rows measured
 * @param evaluations rows given to the network
 */
@JsonNaming(SnakeCaseStrategy.class)
record ExactResult(
    String name,
    String how,
    @Nullable Double bitsPerCharacter,
    @Nullable Double standardError,
    long rows,
    long evaluations) {
  static ExactResult of(String name, String how, SampleMean natsPerToken, long evaluations) {
    return new ExactResult(
        name,
        how,
        bits(natsPerToken.mean()),
        bits(natsPerToken.standardError()),
        natsPerToken.size(),
        evaluations);
  }

  private static @Nullable Double bits(double nats) {
    return Double.isFinite(nats) ? nats / Math.log(2) : null;
  }

  /** One line for people. */
  String toLine() {
    String value =
        bitsPerCharacter == null
            ? "no finite value"
            : String.format(Locale.ROOT, "%.4f", bitsPerCharacter)
                + (standardError == null
                    ? ""
                    : String.format(Locale.ROOT, " ± %.4f", standardError));
    return String.format(
        Locale.ROOT,
        "%-8s %s bits a character (%s; %d rows, %,d network evaluations)",
        name,
        value,
        how,
        rows,
        evaluations);
  }
}
