package org.md4j.cli.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.LikelihoodFlags;
import org.md4j.cli.run.RunKind;
import org.md4j.compute.Precision;
import org.md4j.core.RowSource;
import org.md4j.diffusion.Fit;
import org.md4j.likelihood.ConfidenceInterval;
import org.md4j.likelihood.LikelihoodEstimate;
import org.md4j.model.NetworkConfig;
import org.md4j.train.Checkpoint;

/**
 * A likelihood with everything that it depends on; with {@code --json} the last line of the output.
 *
 * @param run the run folder
 * @param kind of its data, which names the unit
 * @param bitsPerToken the negative evidence lower bound
 * @param standardError of it, over rows as a sample, bits a token
 * @param confidence level of the interval
 * @param interval low and high, bits a token
 * @param perplexity of a token
 * @param bound whether the value is an upper bound, not the negative log-likelihood itself
 * @param standardErrorReached whether the standard error is as small as was wanted
 * @param protocol how it was estimated
 * @param precision what the network computed in
 * @param rowsTogether rows that share their spread of levels
 * @param drawsPerRow levels and masks of a row, a pass
 * @param rows different rows seen
 * @param evaluations rows given to the network
 * @param pilotEvaluations rows given to the network to choose the protocol
 * @param data name of the text or the pictures and their part
 * @param dataSha256 of all of it
 * @param split which part
 * @param length tokens a row
 * @param weights EMA
 * @param step of the training
 * @param seed of rows, levels and masks
 * @param exact what else was measured
 * @param baselines what all held-out rows cost without a network
 * @param version of md4, with its commit
 */
public record EvaluationSummary(
    String run,
    RunKind kind,
    double bitsPerToken,
    double standardError,
    double confidence,
    double[] interval,
    double perplexity,
    boolean bound,
    boolean standardErrorReached,
    String protocol,
    Precision precision,
    int rowsTogether,
    int drawsPerRow,
    long rows,
    long evaluations,
    long pilotEvaluations,
    String data,
    String dataSha256,
    String split,
    int length,
    String weights,
    int step,
    long seed,
    List<ExactResult> exact,
    List<BaselineResult> baselines,
    String version) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Sums up an estimate of the bound and what was measured besides it. */
  public static EvaluationSummary of(
      String run,
      RunKind kind,
      LikelihoodEstimate estimate,
      LikelihoodFlags flags,
      Precision precision,
      long pilotEvaluations,
      RowSource data,
      String split,
      Checkpoint checkpoint,
      List<ExactResult> exact,
      List<BaselineResult> baselines) {
    ConfidenceInterval interval = estimate.confidenceInterval(flags.confidence());
    return new EvaluationSummary(
        run,
        kind,
        estimate.bitsPerToken(),
        estimate.standardError(),
        flags.confidence(),
        new double[] {interval.low(), interval.high()},
        estimate.perplexity(),
        !new Fit(estimate.protocol().objective()).isExact(),
        estimate.reachedPrecision(flags.standardError()),
        Fit.describe(estimate.protocol()) + told(checkpoint.network(), data),
        precision,
        estimate.protocol().rowsTogether(),
        estimate.protocol().drawsPerRow(),
        estimate.rows(),
        estimate.evaluations(),
        pilotEvaluations,
        data.name(),
        data.sha256(),
        split,
        data.length(),
        "EMA",
        checkpoint.step(),
        estimate.seed(),
        exact,
        baselines,
        new Versions().md4());
  }

  private static String told(NetworkConfig network, RowSource data) {
    if (network.classes() == 0) {
      return "";
    }
    return data.classes() == 0 ? ", told no classes" : ", given the classes";
  }

  /** Some lines for people. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%.4f ± %.4f %s, %s %% interval %.4f to %.4f; perplexity %.4f%n",
            bitsPerToken,
            standardError,
            kind.unit(),
            BigDecimal.valueOf(confidence).movePointRight(2).stripTrailingZeros().toPlainString(),
            interval[0],
            interval[1],
            perplexity));
    text.append(
        String.format(
            Locale.ROOT,
            "%s on %,d %s of %s, %s part, by %,d network evaluations%s: %s%n",
            bound ? "an upper bound (ELBO)" : "the negative log-likelihood",
            rows,
            kind.rows(),
            data,
            split,
            evaluations,
            precision == Precision.F32 ? "" : " in " + FlagNames.spelled(precision),
            protocol));
    exact.forEach(result -> text.append(result.toLine(kind)).append(System.lineSeparator()));
    if (!baselines.isEmpty()) {
      text.append(line(kind.shortUnit(), "mean", "± error", kind.rows()));
      text.append(line("this run", bitsPerToken, standardError, rows));
      baselines.forEach(
          code ->
              text.append(
                  line(code.name(), code.bitsPerToken(), code.standardError(), code.rows())));
    }
    return text.toString();
  }

  private static String line(String name, double bits, double error, long rows) {
    return line(
        name,
        String.format(Locale.ROOT, "%.4f", bits),
        String.format(Locale.ROOT, "%.4f", error),
        String.format(Locale.ROOT, "%,d", rows));
  }

  private static String line(String name, String bits, String error, String rows) {
    return String.format(Locale.ROOT, "%-20s %11s %8s %9s%n", name, bits, error, rows);
  }

  /** One line of JSON. */
  public String toJson() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("run", run);
    fields.put(kind.bitsField(), bitsPerToken);
    fields.put("standard_error", standardError);
    fields.put("confidence", confidence);
    fields.put("interval", interval);
    fields.put("perplexity", perplexity);
    fields.put("bound", bound);
    fields.put("standard_error_reached", standardErrorReached);
    fields.put("protocol", protocol);
    fields.put("precision", FlagNames.spelled(precision));
    fields.put("rows_together", rowsTogether);
    fields.put("draws_per_row", drawsPerRow);
    fields.put("rows", rows);
    fields.put("evaluations", evaluations);
    fields.put("pilot_evaluations", pilotEvaluations);
    fields.put("data", data);
    fields.put("data_sha256", dataSha256);
    fields.put("split", split);
    fields.put(kind.isText() ? "context_length" : "dimensions", length);
    fields.put("weights", weights);
    fields.put("step", step);
    fields.put("seed", seed);
    fields.put("exact", exact.stream().map(result -> result.fields(kind)).toList());
    fields.put("baselines", baselines.stream().map(result -> result.fields(kind)).toList());
    fields.put("version", version);
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
