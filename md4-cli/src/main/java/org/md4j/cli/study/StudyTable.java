package org.md4j.cli.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.md4j.file.FileReplacement;

/**
 * A study's table: what it is made from and the rows measured so far. Immutable.
 *
 * @param <T> the table itself
 * @param <R> its rows
 */
interface StudyTable<T extends StudyTable<T, R>, R extends StudyTable.Row> {
  /** A row of the table. */
  interface Row {
    /** The row in Markdown, on one line. */
    String toMarkdown();
  }

  /** In the order they were measured. */
  List<R> rows();

  /** The same with one row more. */
  T with(R row);

  /** What its files are called. */
  String fileName();

  /** The rows, and what real data gets, in Markdown. */
  String toMarkdown();

  /** The rows as lines; at least one row. */
  Plot toPlot();

  /**
   * Writes the table for people and for programs.
   *
   * @param folder exists
   */
  default void writeTable(Path folder) throws IOException {
    FileReplacement.write(folder.resolve(fileName() + ".md"), toMarkdown());
    FileReplacement.write(
        folder.resolve(fileName() + ".json"),
        new ObjectMapper()
                .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(this)
            + "\n");
  }

  /**
   * Draws the table into a PNG file; at least one row.
   *
   * @param folder exists
   */
  default void writePlot(Path folder) throws IOException {
    toPlot().write(folder.resolve(fileName() + ".png"));
  }
}
