package org.md4j.cli.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.md4j.cli.data.TextData;
import org.md4j.cli.draw.RowDrawer;
import org.md4j.data.Tokenizer;
import org.md4j.file.FileReplacement;
import org.md4j.file.OneLine;
import org.md4j.quality.KnownWords;
import org.md4j.quality.TextJudge;
import org.md4j.quality.WordsQuality;

/**
 * Draws texts of words at each number of steps and temperature, and has them judged.
 *
 * @param drawer draws
 * @param tokenizer of the run
 * @param judges say what texts cost; at least one
 * @param known words of the training text
 */
public record WordsStudy(
    RowDrawer drawer, Tokenizer tokenizer, List<TextJudge> judges, KnownWords known) {
  private static final KnownWords.Share NO_WORDS = new KnownWords.Share(0, 0);

  /**
   * A case at a temperature.
   *
   * @param studied how texts are drawn
   * @param temperature that divides the logits
   */
  public record Case(StudyCase studied, double temperature) {}

  /**
   * Measures cases, at least one.
   *
   * @param empty the report to add rows to
   * @param folder exists; gets words.md, words.json, texts and in the end words.png
   * @param progress told in a line after each case
   * @return the report with a row for each case
   */
  public WordsReport measure(
      WordsReport empty, List<Case> cases, Path folder, Consumer<String> progress)
      throws IOException {
    Path texts = Files.createDirectories(folder.resolve("texts"));
    return new CaseStudy(drawer, empty.texts(), empty.seed(), folder)
        .measure(
            empty,
            cases.stream().map(Case::studied).toList(),
            (studied, drawn) -> {
              FileReplacement.writeOut(
                  texts.resolve(studied.fileName() + ".txt"),
                  drawn.rows().stream().map(tokenizer::decode).map(OneLine::of).toList());
              double temperature =
                  cases.stream()
                      .filter(each -> each.studied().equals(studied))
                      .findFirst()
                      .orElseThrow()
                      .temperature();
              return WordsRow.of(studied, temperature, drawn, measure(drawn.rows()));
            },
            progress);
  }

  /** What is said of texts. */
  public WordsMeasure measure(List<int[]> rows) {
    List<List<String>> texts = rows.stream().map(row -> TextJudge.parts(tokenizer, row)).toList();
    KnownWords.Share share =
        rows.stream()
            .map(row -> known.share(TextData.words(tokenizer, row)))
            .reduce(NO_WORDS, KnownWords.Share::plus);
    return new WordsMeasure(
        judges.stream().map(judge -> judge.bitsPerToken(texts)).toList(),
        WordsQuality.of(drawer.vocabulary().size(), rows, share));
  }
}
