package org.md4j.cli.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.md4j.cli.draw.RowDrawer;
import org.md4j.data.Tokenizer;
import org.md4j.file.FileReplacement;
import org.md4j.quality.NgramModel;
import org.md4j.quality.TextQuality;

/**
 * Draws the texts of case after case, judges them and keeps the table on the disk, so that a study
 * that is stopped leaves the rows it has.
 *
 * @param drawer draws
 * @param tokenizer for the files of texts
 * @param judge a character model of the text the network was trained on
 * @param folder exists; gets sampling.md, sampling.json, texts and in the end sampling.png
 */
public record SamplingStudy(RowDrawer drawer, Tokenizer tokenizer, NgramModel judge, Path folder) {
  /**
   * Measures cases, at least one.
   *
   * @param empty the report to add rows to
   * @param progress told in a line after each case
   * @return the report with a row for each case
   */
  public StudyReport measure(StudyReport empty, List<StudyCase> cases, Consumer<String> progress)
      throws IOException {
    Path texts = Files.createDirectories(folder.resolve("texts"));
    return new CaseStudy(drawer, empty.texts(), empty.seed(), folder)
        .measure(
            empty,
            cases,
            (studied, drawn) -> {
              FileReplacement.writeOut(
                  texts.resolve(studied.fileName() + ".txt"),
                  drawn.rows().stream().map(tokenizer::decode).toList());
              return StudyRow.of(studied, drawn, quality(drawn.rows()));
            },
            progress);
  }

  /** What the judge says of texts. */
  public TextQuality quality(List<int[]> texts) {
    return TextQuality.of(judge, drawer.vocabulary().size(), texts);
  }
}
