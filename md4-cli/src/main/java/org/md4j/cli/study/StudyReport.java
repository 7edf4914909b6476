package org.md4j.cli.study;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.md4j.quality.NgramModel;
import org.md4j.quality.TextQuality;

/**
 * The study's table with what it was made from.
 *
 * @param run the run folder
 * @param trainingSteps the network had
 * @param data the text that the judge counted and the held-out texts are from
 * @param dataSha256 of that text
 * @param judgeOrder n of the {@link NgramModel}
 * @param judgeCharacters that it counted
 * @param texts drawn for each row, and held out
 * @param length N, characters of each
 * @param seed of every row's draws
 * @param precision what the network computed in, as it is typed
 * @param heldOut the quality of as much real text that the network was not trained on
 * @param rows measured so far
 */
@JsonNaming(SnakeCaseStrategy.class)
public record StudyReport(
    String run,
    int trainingSteps,
    String data,
    String dataSha256,
    int judgeOrder,
    long judgeCharacters,
    int texts,
    int length,
    long seed,
    String precision,
    TextQuality heldOut,
    List<StudyRow> rows)
    implements StudyTable<StudyReport, StudyRow> {
  /** Takes the rows as they are now. */
  public StudyReport {
    rows = List.copyOf(rows);
  }

  @Override
  public StudyReport with(StudyRow row) {
    return new StudyReport(
        run,
        trainingSteps,
        data,
        dataSha256,
        judgeOrder,
        judgeCharacters,
        texts,
        length,
        seed,
        precision,
        heldOut,
        Stream.concat(rows.stream(), Stream.of(row)).toList());
  }

  @Override
  public String fileName() {
    return "sampling";
  }

  @Override
  public Plot toPlot() {
    StudyPlot plot =
        new StudyPlot(
            "network evaluations a text",
            "bits a character under the character model",
            "held-out text",
            heldOut.bitsPerCharacter());
    for (StudyRow row : rows) {
      plot.add(
          row.line(),
          row.evaluationsPerText(),
          row.quality().bitsPerCharacter(),
          row.quality().standardError());
    }
    return plot;
  }

  @Override
  public String toMarkdown() {
    return """
    | sampler | grid | steps | evaluations a text | characters a second | bits/char | unigram entropy | 6-gram entropy |
    |---|---|---|---|---|---|---|---|
    | *held-out text* | | | | | %s |
    %s
    """
        .formatted(
            StudyRow.markdown(heldOut),
            rows.stream().map(StudyRow::toMarkdown).collect(Collectors.joining("\n")));
  }
}
