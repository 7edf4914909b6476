package org.md4j.cli.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.md4j.cli.draw.RowDrawer;

/**
 * Draws the rows of case after case, has them judged and keeps the table on the disk, so that a
 * study that is stopped leaves what it has.
 *
 * @param drawer draws
 * @param count rows drawn for each case
 * @param seed of every case's draws
 * @param folder exists; gets the table and in the end the plot
 */
record CaseStudy(RowDrawer drawer, int count, long seed, Path folder) {
  /** Turns what was drawn into a row of the table. */
  interface Judge<R> {
    R judge(StudyCase studied, RowDrawer.Drawn drawn) throws IOException;
  }

  /**
   * Measures cases, at least one.
   *
   * @param empty the table to add rows to
   * @param progress told in a line after each case
   * @return the table with a row for each case
   */
  <R extends StudyTable.Row, T extends StudyTable<T, R>> T measure(
      T empty, List<StudyCase> cases, Judge<R> judge, Consumer<String> progress)
      throws IOException {
    // The first draw of a process is slow and would be charged to the first row.
    drawer.draw(cases.get(0).drawer(), Math.min(count, drawer.together()), seed);
    T table = empty;
    for (StudyCase studied : cases) {
      R row = judge.judge(studied, drawer.draw(studied.drawer(), count, seed));
      table = table.with(row);
      table.writeTable(folder);
      progress.accept("%d/%d %s".formatted(table.rows().size(), cases.size(), row.toMarkdown()));
    }
    table.writePlot(folder);
    return table;
  }
}
