package org.md4j.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.core.RowSource;
import org.md4j.data.DataException;
import org.md4j.data.image.ImageGeometry;

/** Pictures to learn from and to validate on, whose classes go by their names. */
class ImageSetsTest {
  private static final int PICTURES = 3;

  @TempDir private Path folder;
  private Path training;

  @BeforeEach
  void paint() throws IOException {
    training = set("training", List.of("bird", "cat", "dog"));
  }

  @Test
  void aClassThatValidationLacksChangesNoNumber() throws IOException {
    Path fewer = set("fewer", List.of("cat", "dog"));

    try (ImageSets sets = open(fewer).withLabels(true)) {
      assertThat(sets.validation().classes()).isEqualTo(3);
      assertThat(labels(sets.validation())).containsExactly(1, 1, 1, 2, 2, 2);
      assertThat(labels(sets.training())).containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2);
    }
  }

  @Test
  void aClassThatTrainingDoesNotHaveIsNamed() throws IOException {
    Path renamed = set("renamed", List.of("cat", "dog", "wolf"));

    try (ImageSets sets = open(renamed)) {
      assertThatThrownBy(() -> sets.withLabels(true))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "classes of renamed must be among the 3 known, got wolf, which is not; known are"
                  + " bird, cat, dog");
    }
  }

  @Test
  void whereTheRunHasNoClassesTheyAreNotCompared() throws IOException {
    Path renamed = set("renamed", List.of("wolf"));

    try (ImageSets sets = open(renamed).withLabels(false)) {
      assertThat(sets.validation().classes()).isZero();
      assertThat(sets.validation().size()).isEqualTo(PICTURES);
    }
  }

  @Test
  void validationWithoutClassesIsOfNoUseToARunWithThem() throws IOException {
    Path none = Files.createDirectory(folder.resolve("none"));
    paint(none, 0);

    try (ImageSets sets = open(none)) {
      assertThatThrownBy(() -> sets.withLabels(true))
          .isInstanceOf(DataException.class)
          .hasMessage("--valid (none) must have classes, as --data has, got none");
    }
  }

  private ImageSets open(Path validation) {
    return ImageSets.open(training, validation, ImageGeometry.asStored());
  }

  private static List<Integer> labels(RowSource rows) {
    return IntStream.range(0, (int) rows.size()).mapToObj(rows::label).toList();
  }

  private Path set(String name, List<String> classes) throws IOException {
    Path set = folder.resolve(name);
    for (String of : classes) {
      paint(Files.createDirectories(set.resolve(of)), of.length());
    }
    return set;
  }

  private static void paint(Path folder, int shade) throws IOException {
    for (int i = 0; i < PICTURES; i++) {
      BufferedImage picture = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
      picture.setRGB(i, 0, 10 * shade);
      ImageIO.write(picture, "png", folder.resolve(i + ".png").toFile());
    }
  }
}
