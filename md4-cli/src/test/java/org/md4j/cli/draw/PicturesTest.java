package org.md4j.cli.draw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.data.image.ImageShape;

class PicturesTest {
  private static final int MASK = 256;
  private static final int GAP = 2;
  private static final int SCALE = 8;

  @Test
  void aPictureHasAPixelForAPixelAndMasksAreGrey() {
    BufferedImage image =
        new Pictures(new ImageShape(1, 2, 3)).picture(new int[] {1, 2, 3, MASK, 255, MASK});

    assertThat(image.getWidth()).isEqualTo(2);
    assertThat(image.getHeight()).isEqualTo(1);
    assertThat(image.getRGB(0, 0)).isEqualTo(0xFF010203);
    assertThat(image.getRGB(1, 0)).isEqualTo(0xFF80FF80);
  }

  @Test
  void oneColourIsGrey() {
    BufferedImage image = new Pictures(new ImageShape(2, 1, 1)).picture(new int[] {17, MASK});

    assertThat(image.getRGB(0, 0)).isEqualTo(0xFF111111);
    assertThat(image.getRGB(0, 1)).isEqualTo(0xFF808080);
  }

  @Test
  void aGridIsFilledRowByRowWithEnlargedPictures() {
    BufferedImage grid =
        new Pictures(new ImageShape(1, 1, 1))
            .grid(List.of(new int[] {10}, new int[] {20}, new int[] {30}), 2);
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
  void largePicturesAreNotEnlargedAndFewStayInOneRow() {
    BufferedImage grid =
        new Pictures(new ImageShape(64, 128, 1)).grid(List.of(new int[64 * 128]), 5);

    assertThat(grid.getWidth()).isEqualTo(128 + 2 * GAP);
    assertThat(grid.getHeight()).isEqualTo(64 + 2 * GAP);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Pictures pictures = new Pictures(new ImageShape(2, 2, 3));

    assertThatThrownBy(() -> pictures.picture(new int[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokens must have shape [N] = [12] for pictures of 2x2x3, got [4]");
    assertThatThrownBy(() -> pictures.grid(List.of(), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pictures.grid(List.of(new int[12]), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
