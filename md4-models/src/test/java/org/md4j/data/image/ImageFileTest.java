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
import org.md4j.data.DataException;

class ImageFileTest {
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
  void whatIsNoPictureIsOneLine() throws IOException {
    Path text = Files.writeString(folder.resolve("text.png"), "hello");

    assertThatThrownBy(() -> ImageFile.read(text, new ImageShape(1, 2, 1), AS_STORED))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("neither JPEG nor PNG");
    assertThatThrownBy(
            () -> ImageFile.read(folder.resolve("x"), new ImageShape(1, 2, 1), AS_STORED))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must be an existing file");
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
