package org.md4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.data.DataException;

class ImageFileTest {
  private static final int MASK = 256;
  private static final ImageGeometry AS_STORED = ImageGeometry.asStored();

  @TempDir private Path folder;

  @Test
  void coloursAreInnermost() throws IOException {
    Path file = png(0x010203, 0xF0E0D0);

    assertThat(ImageFile.read(file, new ImageShape(1, 2, 3), AS_STORED))
        .containsExactly(1, 2, 3, 0xF0, 0xE0, 0xD0);
  }

  @Test
  void oneColourIsReadFromGreyOnly() throws IOException {
    assertThat(ImageFile.read(png(0x070707, 0xFFFFFF), new ImageShape(1, 2, 1), AS_STORED))
        .containsExactly(7, 255);
    Path coloured = png(0x070707, 0xFFFFFE);
    assertThatThrownBy(() -> ImageFile.read(coloured, new ImageShape(1, 2, 1), AS_STORED))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must be grey, got red, green and blue of 255, 255 and 254");
  }

  @Test
  void anotherSizeIsRefusedUnlessTheGeometryMakesItFit() throws IOException {
    Path file = png(0x070707, 0xFFFFFF);

    assertThatThrownBy(() -> ImageFile.read(file, new ImageShape(2, 2, 1), AS_STORED))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must have 2x2 pixels, got 1x2");
    assertThat(ImageFile.read(file, new ImageShape(1, 1, 1), ImageGeometry.centralCropAndResize(1)))
        .containsExactly(7);
  }

  @Test
  void whatIsNoImageIsOneLine() throws IOException {
    Path text = Files.writeString(folder.resolve("text.png"), "hello");

    assertThatThrownBy(() -> ImageFile.read(text, new ImageShape(1, 2, 1), AS_STORED))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("neither JPEG nor PNG");
    assertThatThrownBy(
            () -> ImageFile.read(folder.resolve("x"), new ImageShape(1, 2, 1), AS_STORED))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must be an existing file");
  }

  @Test
  void aWrittenFileHasAPixelForAPixelAndMasksAreGrey() throws IOException {
    Path file = folder.resolve("written.png");
    ImageFile.write(file, new ImageShape(1, 2, 3), new int[] {1, 2, 3, MASK, 255, MASK});

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(2);
    assertThat(image.getHeight()).isEqualTo(1);
    assertThat(image.getRGB(0, 0)).isEqualTo(0xFF010203);
    assertThat(image.getRGB(1, 0)).isEqualTo(0xFF80FF80);
  }

  @Test
  void oneColourIsWrittenAsGrey() throws IOException {
    Path file = folder.resolve("written.png");
    ImageFile.write(file, new ImageShape(2, 1, 1), new int[] {17, MASK});

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getRGB(0, 0)).isEqualTo(0xFF111111);
    assertThat(image.getRGB(0, 1)).isEqualTo(0xFF808080);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void readingUndoesWriting(int colours) throws IOException {
    ImageShape shape = new ImageShape(5, 7, colours);
    int[][] images = new int[3][shape.tokens()];
    for (int i = 0; i < images.length; i++) {
      for (int n = 0; n < images[i].length; n++) {
        images[i][n] = (i * 83 + n * 29) & 0xFF;
      }
    }

    ImageFile.writeAll(folder.resolve("all"), shape, TokenBatch.of(new Vocabulary(256), images));

    for (int i = 0; i < images.length; i++) {
      Path file = folder.resolve("all").resolve("0000" + i + ".png");
      assertThat(ImageFile.read(file, shape, AS_STORED)).isEqualTo(images[i]);
    }
  }

  @Test
  void tokensOfAnotherShapeAreNotWritten() {
    Path file = folder.resolve("written.png");

    assertThatThrownBy(() -> ImageFile.write(file, new ImageShape(2, 2, 3), new int[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokens must have shape [N] = [12] for images of 2x2x3, got [4]");
    assertThat(file).doesNotExist();
  }

  private Path png(int left, int right) throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, left);
    image.setRGB(1, 0, right);
    Path file = folder.resolve(left + "-" + right + ".png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }
}
