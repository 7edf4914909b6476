package org.md4j.cli.study;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.md4j.quality.ImageQuality;

/**
 * The table of pictures with what it was made from.
 *
 * @param run the run folder
 * @param trainingSteps the network had
 * @param data what the reference is
 * @param dataSha256 of it
 * @param distance what the Fréchet distance is called; FID with an Inception network only
 * @param features that are compared
 * @param referencePictures the Fréchet distance is measured to
 * @param pictures drawn for each row, and held out
 * @param seed of every row's draws
 * @param precision what the network computed in, as it is typed
 * @param heldOut the quality of as many real pictures outside the reference
 * @param rows measured so far
 */
@JsonNaming(SnakeCaseStrategy.class)
public record PictureReport(
    String run,
    int trainingSteps,
    String data,
    String dataSha256,
    String distance,
    String features,
    long referencePictures,
    int pictures,
    long seed,
    String precision,
    ImageQuality heldOut,
    List<PictureRow> rows)
    implements StudyTable<PictureReport, PictureRow> {
  /** Takes the rows as they are now. */
  public PictureReport {
    rows = List.copyOf(rows);
  }

  @Override
  public PictureReport with(PictureRow row) {
    return new PictureReport(
        run,
        trainingSteps,
        data,
        dataSha256,
        distance,
        features,
        referencePictures,
        pictures,
        seed,
        precision,
        heldOut,
        Stream.concat(rows.stream(), Stream.of(row)).toList());
  }

  @Override
  public String fileName() {
    return "images";
  }

  @Override
  public Plot toPlot() {
    StudyPlot plot =
        new StudyPlot("steps", distance, "held-out pictures", heldOut.frechetDistance());
    for (PictureRow row : rows) {
      plot.add(row.line(), row.steps(), row.quality().frechetDistance(), 0);
    }
    return plot;
  }

  @Override
  public String toMarkdown() {
    return """
    | grid | rule | steps | evaluations a picture | seconds a picture | %s | precision | recall |
    |---|---|---|---|---|---|---|---|
    | *held-out pictures* | | | | | %s |
    %s
    """
        .formatted(
            distance,
            PictureRow.markdown(heldOut),
            rows.stream().map(PictureRow::toMarkdown).collect(Collectors.joining("\n")));
  }
}
