package org.md4j.cli.evaluate;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunKind;
import org.md4j.likelihood.SampleMean;

/**
 * An exact likelihood or a bound made of exact ones.
 *
 * @param name upper, middle or lower, or policy
 * @param how it was measured
 * @param bitsPerToken mean over rows; null if it is infinite
 * @param standardError over rows, bits a token; null if there is none
 * @param rows measured
 * @param evaluations rows given to the network
 */
public record ExactResult(
    String name,
    String how,
    @Nullable Double bitsPerToken,
    @Nullable Double standardError,
    long rows,
    long evaluations) {
  static ExactResult of(String name, String how, SampleMean bitsPerToken, long evaluations) {
    return new ExactResult(
        name,
        how,
        finite(bitsPerToken.mean()),
        finite(bitsPerToken.standardError()),
        bitsPerToken.size(),
        evaluations);
  }

  private static @Nullable Double finite(double bits) {
    return Double.isFinite(bits) ? bits : null;
  }

  /** As JSON has it. */
  Map<String, @Nullable Object> fields(RunKind kind) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("how", how);
    fields.put(kind.bitsField(), bitsPerToken);
    fields.put("standard_error", standardError);
    fields.put("rows", rows);
    fields.put("evaluations", evaluations);
    return fields;
  }

  /** One line for people. */
  String toLine(RunKind kind) {
    String value =
        bitsPerToken == null
            ? "no finite value"
            : String.format(Locale.ROOT, "%.4f", bitsPerToken)
                + (standardError == null
                    ? ""
                    : String.format(Locale.ROOT, " ± %.4f", standardError));
    return String.format(
        Locale.ROOT,
        "%-8s %s %s (%s; %d %s, %,d network evaluations)",
        name,
        value,
        kind.unit(),
        how,
        rows,
        kind.rows(),
        evaluations);
  }
}
