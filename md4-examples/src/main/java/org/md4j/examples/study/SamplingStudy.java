package org.md4j.examples.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.md4j.data.ExampleSource;
import org.md4j.data.Tokenizer;

/**
 * Draws the texts of case after case, judges them and keeps the table on the disk, so that a study
 * that is stopped leaves the rows it has.
 *
 * @param drawer draws
 * @param tokenizer for the files of texts
 * @param judge a character model of the text the network was trained on
 * @param folder exists; gets sampling.md, sampling.json, texts and in the end sampling.png
 */
public record SamplingStudy(
    TextDrawer drawer, Tokenizer tokenizer, CharacterModel judge, Path folder) {
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
    // The first draw of a process is slow and would be charged to the first row.
    drawer.draw(cases.get(0).drawer(), empty.texts(), empty.seed());
    StudyReport report = empty;
    for (StudyCase studied : cases) {
      TextDrawer.Drawn drawn = drawer.draw(studied.drawer(), empty.texts(), empty.seed());
      StudyRow row = StudyRow.of(studied, drawn, quality(drawn.texts()));
      report = report.with(row);
      report.writeTable(folder);
      Files.write(
          texts.resolve(studied.label().replaceAll("[ /]", "-") + ".txt"),
          drawn.texts().stream().map(tokenizer::decode).toList());
      progress.accept("%d/%d %s".formatted(report.rows().size(), cases.size(), row.toMarkdown()));
    }
    report.writePlot(folder);
    return report;
  }

  /** What the judge says of texts. */
  public TextQuality quality(List<int[]> texts) {
    return TextQuality.of(judge, drawer.vocabulary().size(), texts);
  }

  /** Texts spread evenly over the examples of a source, which has at least as many. */
  public static List<int[]> spread(ExampleSource source, int count) {
    List<int[]> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int[] text = new int[source.length()];
      source.example(i * source.size() / count, text);
      texts.add(text);
    }
    return texts;
  }
}
