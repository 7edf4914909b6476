package org.md4j.cli.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.cli.draw.RowDrawer;
import org.md4j.cli.option.NamedGrid;
import org.md4j.core.Vocabulary;
import org.md4j.data.image.ImageShape;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.quality.ImageJudge;
import org.md4j.quality.ImageQuality;
import org.md4j.schedule.LinearSchedule;

/** A study of a network that learned nothing. */
class PictureStudyTest {
  private static final int COUNT = 12;
  private static final int LENGTH = 16;

  @TempDir private Path folder;

  private final DrawnPictures real = new DrawnPictures(200, 0);
  private final ImageJudge judge = ImageJudge.of(new FirstTokens(2), real, 100, COUNT);

  @Test
  void everyGridRuleAndNumberOfStepsHasItsRow() throws IOException {
    List<String> told = new ArrayList<>();

    PictureReport report = study(this::note).measure(empty(), cases(2, 5), told::add);

    assertThat(report.rows())
        .extracting(row -> row.grid() + " " + row.rule() + " " + row.steps())
        .containsExactly(
            "uniform ancestral 2",
            "uniform ancestral 5",
            "uniform euler 2",
            "uniform euler 5",
            "uniform tau-leaping 2",
            "uniform tau-leaping 5",
            "uniform halton 2",
            "uniform halton 5",
            "cosine ancestral 2",
            "cosine ancestral 5",
            "cosine euler 2",
            "cosine euler 5",
            "cosine tau-leaping 2",
            "cosine tau-leaping 5",
            "cosine halton 2",
            "cosine halton 5");
    assertThat(told).hasSize(16).first().asString().startsWith("1/16 | uniform | ancestral | 2 |");
    JsonNode json = new ObjectMapper().readTree(folder.resolve("images.json").toFile());
    assertThat(json.get("rows")).hasSize(16);
    assertThat(json.at("/rows/0/frechet_distance").asDouble())
        .isEqualTo(report.rows().get(0).quality().frechetDistance());
    assertThat(json.at("/held_out/precision").asDouble()).isPositive();
    assertThat(Files.readString(folder.resolve("images.md"))).isEqualTo(report.toMarkdown());
    assertThat(report.toMarkdown().lines())
        .hasSize(3 + 16)
        .allMatch(line -> line.chars().filter(c -> c == '|').count() == 9);
    assertThat(ImageIO.read(folder.resolve("images.png").toFile()).getWidth()).isGreaterThan(100);
    assertThat(folder.resolve("samples/uniform-tau-leaping-2.png")).doesNotExist();
    assertThat(folder.resolve("samples/tau-leaping-uniform-2.png")).exists();
  }

  @Test
  void eulerStepsAreAncestralOnesUnderTheLinearScheduleAndTauLeapsAreNot() throws IOException {
    PictureReport report = study(this::note).measure(empty(), cases(5), line -> {});

    ImageQuality ancestral = report.rows().get(0).quality();
    assertThat(report.rows().get(1).quality()).isEqualTo(ancestral);
    assertThat(report.rows().get(2).quality()).isNotEqualTo(ancestral);
  }

  @Test
  void stoppedInTheMiddleItLeavesTheRowsItHas() throws IOException {
    List<Path> written = new ArrayList<>();
    PictureStudy.Gallery stops =
        (pictures, png) -> {
          if (written.size() == 2) {
            throw new IOException("stopped");
          }
          written.add(png);
        };

    assertThatThrownBy(() -> study(stops).measure(empty(), cases(2), line -> {}))
        .hasMessage("stopped");

    JsonNode json = new ObjectMapper().readTree(folder.resolve("images.json").toFile());
    assertThat(json.get("rows")).hasSize(2);
    assertThat(Files.readAllLines(folder.resolve("images.md"))).hasSize(3 + 2);
  }

  private void note(List<int[]> pictures, Path png) throws IOException {
    assertThat(pictures).hasSize(COUNT);
    Files.writeString(png, "");
  }

  private PictureStudy study(PictureStudy.Gallery gallery) {
    TransformerConfig network =
        TransformerConfig.builder(256, LENGTH).layers(1).heads(1).headSize(8).build();
    RowDrawer drawer =
        new RowDrawer(TransformerDenoiser.create(network, 0), new Vocabulary(256), LENGTH, 0, 8);
    return new PictureStudy(drawer, judge, gallery, folder);
  }

  private static List<StudyCase> cases(Integer... steps) {
    return PictureStudy.cases(
        new LinearSchedule(),
        new ImageShape(4, 4, 1),
        List.of(NamedGrid.values()),
        List.of(PictureRule.values()),
        List.of(steps));
  }

  private PictureReport empty() {
    return new PictureReport(
        "run",
        1,
        real.name(),
        real.sha256(),
        "Fréchet distance",
        "first values",
        100,
        COUNT,
        0,
        "f32",
        judge.quality(new DrawnPictures(COUNT, 1)),
        List.of());
  }
}
