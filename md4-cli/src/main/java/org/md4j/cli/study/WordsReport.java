package org.md4j.cli.study;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of words with what it was made from.
 *
 * @param run the run folder
 * @param trainingSteps the network had
 * @param data what it learned from, and the held-out texts are of
 * @param judges their names, in the order of the costs
 * @param texts drawn for each row, and held out
 * @param length N, tokens of each
 * @param seed of every row's draws
 * @param precision what the network computed in, as it is typed
 * @param heldOut what is said of as much real text that the network was not trained on
 * @param rows measured so far
 */
@JsonNaming(SnakeCaseStrategy.class)
public record WordsReport(
    String run,
    int trainingSteps,
    String data,
    List<String> judges,
    int texts,
    int length,
    long seed,
    String precision,
    WordsMeasure heldOut,
    List<WordsRow> rows)
    implements StudyTable<WordsReport, WordsRow> {
  /** Takes the rows as they are now. */
  public WordsReport {
    judges = List.copyOf(judges);
    rows = List.copyOf(rows);
  }

  @Override
  public WordsReport with(WordsRow row) {
    return new WordsReport(
        run,
        trainingSteps,
        data,
        judges,
        texts,
        length,
        seed,
        precision,
        heldOut,
        Stream.concat(rows.stream(), Stream.of(row)).toList());
  }

  @Override
  public String fileName() {
    return "words";
  }

  @Override
  public Plot toPlot() {
    FrontierPlot plot =
        new FrontierPlot("entropy of a text's tokens, bits", "bits a token under " + judges.get(0));
    rows.forEach(row -> add(plot, row.line(), row.measure()));
    add(plot, "held-out text", heldOut);
    return plot;
  }

  private static void add(FrontierPlot plot, String line, WordsMeasure measure) {
    plot.add(line, measure.variety().textEntropy().mean(), measure.bitsPerToken().get(0).mean());
  }

  @Override
  public String toMarkdown() {
    return """
    | sampler | steps | temperature | evaluations a text | tokens a second | %s | entropy of a text | distinct pairs | distinct triples | known words |
    |---|---|---|---|---|%s---|---|---|---|
    | *held-out text* | | | | | %s |
    %s
    """
        .formatted(
            judges.stream()
                .map(judge -> "perplexity under " + judge)
                .collect(Collectors.joining(" | ")),
            "---|".repeat(judges.size()),
            heldOut.toMarkdown(),
            rows.stream().map(WordsRow::toMarkdown).collect(Collectors.joining("\n")));
  }
}
