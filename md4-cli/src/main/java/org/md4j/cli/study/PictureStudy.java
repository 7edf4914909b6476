package org.md4j.cli.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.md4j.cli.draw.RowDrawer;
import org.md4j.cli.option.NamedGrid;
import org.md4j.data.image.ImageShape;
import org.md4j.quality.ImageJudge;
import org.md4j.sampling.Decoding;
import org.md4j.schedule.MaskingSchedule;

/**
 * Draws the pictures of case after case from the same random numbers, judges them and keeps the
 * table and a grid of pictures of each case on the disk.
 *
 * @param drawer draws
 * @param judge of sets as large as the report says
 * @param gallery shows some pictures of each case
 * @param folder exists; gets images.md, images.json, samples and in the end images.png
 */
public record PictureStudy(RowDrawer drawer, ImageJudge judge, Gallery gallery, Path folder) {
  /** Writes pictures side by side into a PNG file. */
  public interface Gallery {
    /** Writes pictures, [count][N]. */
    void write(List<int[]> pictures, Path png) throws IOException;
  }

  private static final int SHOWN = 64;

  /**
   * Every grid with every rule and every number of steps.
   *
   * @param schedule the network was trained with
   * @param shape of the pictures
   */
  public static List<StudyCase> cases(
      MaskingSchedule schedule,
      ImageShape shape,
      List<NamedGrid> grids,
      List<PictureRule> rules,
      List<Integer> steps) {
    Decoding decoding = Decoding.of(schedule);
    return grids.stream()
        .flatMap(
            grid ->
                rules.stream()
                    .flatMap(
                        rule ->
                            steps.stream()
                                .map(
                                    count ->
                                        new StudyCase(
                                            rule.toString(),
                                            "",
                                            grid,
                                            count,
                                            rule.sampler(decoding, grid.of(count), shape)))))
        .toList();
  }

  /**
   * Measures cases, at least one.
   *
   * @param empty the report to add rows to
   * @param progress told in a line after each case
   * @return the report with a row for each case
   */
  public PictureReport measure(
      PictureReport empty, List<StudyCase> cases, Consumer<String> progress) throws IOException {
    Path samples = Files.createDirectories(folder.resolve("samples"));
    return new CaseStudy(drawer, empty.pictures(), empty.seed(), folder)
        .measure(
            empty,
            cases,
            (studied, drawn) -> {
              gallery.write(
                  drawn.rows().subList(0, Math.min(SHOWN, drawn.rows().size())),
                  samples.resolve(studied.fileName() + ".png"));
              return PictureRow.of(studied, drawn, judge.quality(drawn.rows()));
            },
            progress);
  }
}
