package org.md4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MirroredImagesTest {
  /** Every colour of every pixel lands at width - 1 - x of its row; a second mirror undoes it. */
  @ParameterizedTest
  @CsvSource({"2, 4, 3", "3, 5, 3", "3, 5, 1", "2, 1, 3"})
  void leftAndRightAreExchangedAndNothingElse(int height, int width, int colours) {
    ImageShape shape = new ImageShape(height, width, colours);
    ImageSource mirrored = new Numbered(shape, 2).mirrored();
    int[] image = new int[shape.tokens()];
    int[] mirror = new int[shape.tokens()];

    mirrored.row(1, image);
    mirrored.row(3, mirror);

    assertThat(mirrored.size()).isEqualTo(4);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int k = 0; k < colours; k++) {
          assertThat(mirror[(y * width + width - 1 - x) * colours + k])
              .isEqualTo(image[(y * width + x) * colours + k]);
        }
      }
    }
    assertThat(image).containsExactly(IntStream.range(1, shape.tokens() + 1).toArray());
  }

  @Test
  void classesAreThoseOfTheImagesAndNamesSayWhatIsMirrored() {
    CountedImages images = new CountedImages(5);
    ImageSource mirrored = images.mirrored();

    assertThat(mirrored.label(4)).isEqualTo(images.label(4));
    assertThat(mirrored.label(9)).isEqualTo(images.label(4));
    assertThat(mirrored.imageName(4)).isEqualTo(images.imageName(4));
    assertThat(mirrored.imageName(9)).isEqualTo(images.imageName(4) + ", mirrored");
    mirrored.prefetch(9, 0);
    assertThat(images.hint()).containsExactly(4, 0);
  }

  /** Image i holds the numbers from i on. */
  private record Numbered(ImageShape shape, long size) implements ImageSource {
    @Override
    public List<String> classNames() {
      return List.of();
    }

    @Override
    public void row(long index, int[] into) {
      for (int j = 0; j < into.length; j++) {
        into[j] = (int) index + j;
      }
    }

    @Override
    public String name() {
      return "numbered";
    }

    @Override
    public String sha256() {
      return "";
    }

    @Override
    public void close() {}
  }
}
