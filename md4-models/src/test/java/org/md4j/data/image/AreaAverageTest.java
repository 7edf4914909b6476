package org.md4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Averages worked out by hand. */
class AreaAverageTest {
  @Test
  void newPixelsAreMeansOfWhatTheyCoverByArea() {
    // Each new pixel covers 1.5 x 1.5 old ones: weights 1 and 1/2 along both sides.
    assertThat(resized(2, 3, 3, 0, 30, 60, 90, 120, 150, 180, 210, 240))
        .containsExactly(40, 80, 160, 200);
    // The middle has weight 1/4 of 9/4 in each: 255 / 9 = 28.33.
    assertThat(resized(2, 3, 3, 0, 0, 0, 0, 255, 0, 0, 0, 0)).containsExactly(28, 28, 28, 28);
    // A corner has weight 1 of 9/4: 255 * 4 / 9 = 113.33.
    assertThat(resized(2, 3, 3, 255, 0, 0, 0, 0, 0, 0, 0, 0)).containsExactly(113, 0, 0, 0);
  }

  @Test
  void partsOfPixelsThatAreNotHalvesAreTrue() {
    // Five to three: new pixels cover [0, 5/3), [5/3, 10/3), [10/3, 5) of a line.
    int[] line = {0, 90, 180, 30, 255};
    int[] image = new int[25];
    for (int i = 0; i < 25; i++) {
      image[i] = line[i % 5];
    }
    // (0 + 90 * 2/3) * 3/5 = 36; (90/3 + 180 + 30/3) * 3/5 = 132; (30 * 2/3 + 255) * 3/5 = 165.
    assertThat(resized(3, 5, 5, image)).containsExactly(36, 132, 165, 36, 132, 165, 36, 132, 165);
  }

  @Test
  void tiesAreRoundedToEven() {
    assertThat(resized(1, 2, 2, 0, 1, 1, 0)).containsExactly(0);
    assertThat(resized(1, 2, 2, 1, 2, 1, 2)).containsExactly(2);
    assertThat(resized(1, 2, 2, 2, 3, 3, 2)).containsExactly(2);
  }

  @Test
  void theSquareIsCutFromTheMiddle() {
    assertThat(resized(1, 1, 4, 10, 20, 30, 40)).containsExactly(20);
    assertThat(resized(1, 4, 1, 10, 20, 30, 40)).containsExactly(20);
    assertThat(resized(1, 5, 1, 10, 20, 30, 40, 50)).containsExactly(30);
    assertThat(resized(2, 2, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)).containsExactly(2, 3, 7, 8);
  }

  @Test
  void smallerImagesAreEnlargedByTheSameRule() {
    assertThat(resized(4, 2, 2, 1, 2, 3, 4))
        .containsExactly(1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4);
    assertThat(resized(3, 2, 2, 10, 20, 30, 40))
        .containsExactly(10, 15, 20, 20, 25, 30, 30, 35, 40);
  }

  @Test
  void coloursAreApart() {
    Pixels image = new Pixels(1, 2, new byte[] {10, 20, 30, 40, 50, 60});
    Pixels square = AreaAverage.square(new Pixels(2, 2, twice(image.rgb())), 0, 0, 2, 1);
    assertThat(square.rgb()).containsExactly(25, 35, 45);
  }

  @Test
  void geometriesAreChecked() {
    assertThatThrownBy(() -> ImageGeometry.centralCropAndResize(0))
        .hasMessageContaining("must be one size of at least 1 to resize to");
    assertThatThrownBy(() -> new ImageGeometry(3, 4, true)).hasMessageContaining("(3, 4)");
    assertThatThrownBy(() -> ImageGeometry.exactly(0, 4))
        .hasMessage("height and width (0, 4) must both be at least 1, or both 0");
  }

  private static byte[] twice(byte[] line) {
    byte[] lines = new byte[2 * line.length];
    System.arraycopy(line, 0, lines, 0, line.length);
    System.arraycopy(line, 0, lines, line.length, line.length);
    return lines;
  }

  /** A grey image cropped and resized; its first colour. */
  private static int[] resized(int size, int height, int width, int... values) {
    byte[] rgb = new byte[values.length * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) values[i / 3];
    }
    byte[] result =
        ImageGeometry.centralCropAndResize(size).apply(new Pixels(height, width, rgb)).rgb();
    int[] first = new int[size * size];
    for (int i = 0; i < first.length; i++) {
      first[i] = result[3 * i] & 0xFF;
      assertThat(result[3 * i + 1]).isEqualTo(result[3 * i]);
      assertThat(result[3 * i + 2]).isEqualTo(result[3 * i]);
    }
    return first;
  }
}
