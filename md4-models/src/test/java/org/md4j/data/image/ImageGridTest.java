package org.md4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;

class ImageGridTest {
  private static final int GAP = 2;
  private static final int SCALE = 8;

  @Test
  void aGridIsFilledRowByRowWithEnlargedImages() {
    BufferedImage grid =
        new ImageGrid(new ImageShape(1, 1, 1), 2)
            .draw(List.of(new int[] {10}, new int[] {20}, new int[] {30}));
    int cell = SCALE + GAP;

    assertThat(grid.getWidth()).isEqualTo(2 * cell + GAP);
    assertThat(grid.getHeight()).isEqualTo(2 * cell + GAP);
    assertThat(grid.getRGB(GAP, GAP)).isEqualTo(0xFF0A0A0A);
    assertThat(grid.getRGB(GAP + SCALE - 1, GAP)).isEqualTo(0xFF0A0A0A);
    assertThat(grid.getRGB(GAP + SCALE, GAP)).as("between").isEqualTo(0xFFFFFFFF);
    assertThat(grid.getRGB(GAP + cell, GAP)).isEqualTo(0xFF141414);
    assertThat(grid.getRGB(GAP, GAP + cell)).isEqualTo(0xFF1E1E1E);
    assertThat(grid.getRGB(GAP + cell, GAP + cell)).as("empty").isEqualTo(0xFFFFFFFF);
  }

  @Test
  void largeImagesAreNotEnlargedAndFewStayInOneRow() {
    BufferedImage grid =
        new ImageGrid(new ImageShape(64, 128, 1), 5).draw(List.of(new int[64 * 128]));

    assertThat(grid.getWidth()).isEqualTo(128 + 2 * GAP);
    assertThat(grid.getHeight()).isEqualTo(64 + 2 * GAP);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    ImageGrid grid = new ImageGrid(new ImageShape(2, 2, 3), 1);

    assertThatThrownBy(() -> grid.draw(List.of(new int[4])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokens must have shape [N] = [12] for images of 2x2x3, got [4]");
    assertThatThrownBy(() -> grid.draw(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ImageGrid(new ImageShape(2, 2, 3), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("columns (0) must be at least 1");
  }

  @Test
  void aFileHoldsWhatIsDrawn(@TempDir Path folder) throws IOException {
    ImageGrid grid = new ImageGrid(new ImageShape(1, 2, 3), 2);
    TokenBatch images =
        TokenBatch.of(
            new Vocabulary(256), new int[] {1, 2, 3, 4, 5, 6}, new int[] {7, 8, 9, 0, 256, 255});
    Path png = folder.resolve("grid.png");

    grid.write(png, images);

    BufferedImage read = ImageIO.read(png.toFile());
    BufferedImage drawn = grid.draw(List.of(images.row(0), images.row(1)));
    assertThat(pixels(read)).isEqualTo(pixels(drawn));
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }
}
