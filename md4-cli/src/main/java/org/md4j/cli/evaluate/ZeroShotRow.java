package org.md4j.cli.evaluate;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.md4j.likelihood.ConfidenceInterval;
import org.md4j.likelihood.LikelihoodEstimate;
import org.md4j.likelihood.SampleMean;
import org.md4j.zeroshot.EvaluationText;
import org.md4j.zeroshot.PublishedPerplexity;

/**
 * What a set costs under a run, and otherwise.
 *
 * @param text the set as tokens
 * @param rows the rows there are in it, of the network's length
 * @param estimate the run's cost
 * @param unigram cost of the same rows under a unigram model, bits a token; null if none was made
 * @param trigram the same of an interpolated trigram model
 */
record ZeroShotRow(
    EvaluationText text,
    long rows,
    LikelihoodEstimate estimate,
    @Nullable SampleMean unigram,
    @Nullable SampleMean trigram) {
  /** The columns of {@link #toMarkdown}, without the published ones. */
  static final String HEADER =
      "| set | bits/token | perplexity of a token | unigram | trigram | perplexity of a word | bits/byte |";

  /** The same set by its other name, if that is all that is different. */
  ZeroShotRow of(EvaluationText same) {
    return new ZeroShotRow(same, rows, estimate, unigram, trigram);
  }

  /** The row of a table. */
  String toMarkdown() {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "| %s | %.4f ± %.4f | %s | %s | %s | %s | %.4f |",
                text.set().title(),
                estimate.bitsPerToken(),
                estimate.standardError(),
                perplexity(estimate.bitsPerToken(), estimate.standardError()),
                perplexity(unigram),
                perplexity(trigram),
                number(text.perplexityOfWord(estimate.bitsPerToken())),
                text.bitsPerByte(estimate.bitsPerToken())));
    for (PublishedPerplexity published : PublishedPerplexity.ALL) {
      line.append(String.format(Locale.ROOT, " %.2f |", published.perplexities().get(text.set())));
    }
    return line.toString();
  }

  /** A line that says what was measured. */
  String toLine() {
    return String.format(
        Locale.ROOT,
        "%s: %s, %,d examples of %,d words and %,d bytes, %,d tokens, %,d of %,d rows measured, the"
            + " last %,d tokens left out",
        text.set().title(),
        files(),
        text.examples(),
        text.words(),
        text.bytes(),
        text.tokens().length(),
        estimate.rows(),
        rows,
        text.tokens().length() - rows * estimate.length());
  }

  private String files() {
    List<Path> files = text.files();
    return files.get(0) + (files.size() == 1 ? "" : " and %,d more".formatted(files.size() - 1));
  }

  private static String perplexity(@Nullable SampleMean bits) {
    return bits == null ? "" : perplexity(bits.mean(), bits.standardError());
  }

  /** The perplexity with its standard error, by the slope of the exponential. */
  private static String perplexity(double bits, double standardError) {
    double perplexity = Math.pow(2, bits);
    double error = perplexity * Math.log(2) * standardError;
    String format = format(perplexity);
    return String.format(Locale.ROOT, format + " ± " + format, perplexity, error);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, format(value), value);
  }

  private static String format(double value) {
    return value < 1_000 ? "%.2f" : value < 100_000 ? "%,.0f" : "%.2e";
  }

  /** As JSON has it. */
  Map<String, @Nullable Object> fields(double confidence) {
    double bits = estimate.bitsPerToken();
    ConfidenceInterval interval = estimate.confidenceInterval(confidence);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("set", text.set().title());
    fields.put("files", text.files().stream().map(Path::toString).toList());
    fields.put("sha256", text.tokens().sha256());
    fields.put("examples", text.examples());
    fields.put("words", text.words());
    fields.put("bytes", text.bytes());
    fields.put("tokens", text.tokens().length());
    fields.put("rows", estimate.rows());
    fields.put("rows_of_all", rows);
    fields.put("evaluations", estimate.evaluations());
    fields.put("bits_per_token", bits);
    fields.put("standard_error", estimate.standardError());
    fields.put("interval", new double[] {interval.low(), interval.high()});
    fields.put("perplexity", estimate.perplexity());
    fields.put(
        "perplexity_interval",
        new double[] {Math.pow(2, interval.low()), Math.pow(2, interval.high())});
    fields.put("perplexity_of_word", text.perplexityOfWord(bits));
    fields.put("bits_per_byte", text.bitsPerByte(bits));
    fields.put("unigram", fields(unigram));
    fields.put("trigram", fields(trigram));
    Map<String, Double> published = new LinkedHashMap<>();
    PublishedPerplexity.ALL.forEach(
        of -> published.put(of.model(), of.perplexities().get(text.set())));
    fields.put("published_perplexity", published);
    return fields;
  }

  private static @Nullable Map<String, Object> fields(@Nullable SampleMean bits) {
    return bits == null
        ? null
        : Map.of("bits_per_token", bits.mean(), "standard_error", bits.standardError());
  }
}
