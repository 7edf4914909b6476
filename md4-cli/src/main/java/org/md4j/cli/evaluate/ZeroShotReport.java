package org.md4j.cli.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.md4j.likelihood.ConfidenceInterval;
import org.md4j.likelihood.Proportion;
import org.md4j.zeroshot.PublishedPerplexity;

/**
 * What a run is measured to be on sets it was not trained on, with every choice that was made.
 *
 * @param rows by set
 * @param missing the sets whose files are not there
 * @param lastWords how many last words of LAMBADA were right; null if not asked
 * @param choices how many questions were answered right; null if there were none
 * @param undecided questions whose answer leads by no more than two standard errors; null where
 *     costs have no noise
 * @param confidence level of the intervals
 * @param choicesMade the choices, by name, in order
 */
record ZeroShotReport(
    List<ZeroShotRow> rows,
    List<String> missing,
    @Nullable Proportion lastWords,
    @Nullable Proportion choices,
    @Nullable Long undecided,
    double confidence,
    Map<String, Object> choicesMade) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A table and the choices, for people. */
  String toText() {
    StringBuilder text = new StringBuilder(ZeroShotRow.HEADER);
    PublishedPerplexity.ALL.forEach(of -> text.append(" *").append(of.model()).append("* |"));
    text.append("\n|---|---|---|---|---|---|---|");
    text.append("---|".repeat(PublishedPerplexity.ALL.size())).append("\n");
    rows.forEach(row -> text.append(row.toMarkdown()).append("\n"));
    text.append("\n");
    rows.forEach(row -> text.append(row.toLine()).append("\n"));
    missing.forEach(set -> text.append(set).append("\n"));
    if (lastWords != null) {
      text.append(
          line("last words of LAMBADA, filled in with the number of tokens known", lastWords));
    }
    if (choices != null) {
      text.append(line("questions answered", choices));
    }
    if (choices != null && undecided != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "of them %,d by a lead of no more than two standard errors: more --choice-draws decide"
                  + " them%n",
              undecided));
    }
    choicesMade.forEach(
        (name, choice) ->
            text.append(name.replace('_', ' ')).append(": ").append(choice).append("\n"));
    return text.append(
            "published (in italics): trained on OpenWebText or WebText, GPT-2's tokens, contexts of"
                + " 1,024; upper bounds but for GPT-2\n")
        .toString();
  }

  private String line(String what, Proportion right) {
    ConfidenceInterval interval = right.confidenceInterval(confidence);
    return String.format(
        Locale.ROOT,
        "%s: %,d of %,d right, %.1f %%, %s %% interval %.1f to %.1f%n",
        what,
        right.successes(),
        right.trials(),
        100 * right.share(),
        BigDecimal.valueOf(confidence).movePointRight(2).stripTrailingZeros().toPlainString(),
        100 * interval.low(),
        100 * interval.high());
  }

  /** One line of JSON. */
  String toJson() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(choicesMade);
    fields.put("confidence", confidence);
    fields.put("sets", rows.stream().map(row -> row.fields(confidence)).toList());
    fields.put("missing", missing);
    fields.put("last_words", fields(lastWords));
    fields.put("choices", fields(choices));
    fields.put("undecided_choices", undecided);
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Map<String, Object> fields(@Nullable Proportion right) {
    if (right == null) {
      return null;
    }
    ConfidenceInterval interval = right.confidenceInterval(confidence);
    return Map.of(
        "right",
        right.successes(),
        "of",
        right.trials(),
        "share",
        right.share(),
        "interval",
        new double[] {interval.low(), interval.high()});
  }
}
