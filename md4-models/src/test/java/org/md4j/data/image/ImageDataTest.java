package org.md4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.data.DataException;

class ImageDataTest {
  @TempDir private Path folder;

  @Test
  void findsIdxByItsContentAndItsLabelsByTheirName() throws IOException {
    Path images = Files.write(folder.resolve("t-images-idx3-ubyte"), idx());
    Files.write(folder.resolve("t-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 4});

    try (ImageSource source = ImageData.open(images, ImageGeometry.asStored())) {
      assertThat(source.shape()).isEqualTo(new ImageShape(2, 4, 1));
      assertThat(source.label(0)).isEqualTo(4);
    }
    Path alone = Files.write(folder.resolve("alone"), idx());
    try (ImageSource source = ImageData.open(alone, ImageGeometry.asStored())) {
      assertThat(source.classes()).isZero();
    }
  }

  @Test
  void bytesAreCroppedAndResizedToo() throws IOException {
    Path images = Files.write(folder.resolve("images"), idx());

    try (ImageSource source = ImageData.open(images, ImageGeometry.centralCropAndResize(1))) {
      // The square in the middle of 10 20 30 40 / 50 60 70 80.
      assertThat(TestImages.row(source, 0)).containsExactly((20 + 30 + 60 + 70) / 4);
    }
    assertThatThrownBy(() -> ImageData.open(images, ImageGeometry.exactly(4, 4)))
        .isInstanceOf(DataException.class)
        .hasMessage("images: every image must be 4x4, got 2x4: crop and resize them");
  }

  @Test
  void opensFoldersOfImages() throws IOException {
    Files.write(folder.resolve("a.png"), TestImages.png(0, 3, 3));

    try (ImageSource source = ImageData.open(folder, ImageGeometry.asStored())) {
      assertThat(TestImages.row(source, 0)).isEqualTo(TestImages.tokens(0, 3, 3));
    }
  }

  @Test
  void whatIsNoSetIsSaidInOneLine() throws IOException {
    Path text = Files.writeString(folder.resolve("some.txt"), "text");

    assertThatThrownBy(() -> ImageData.open(text, ImageGeometry.asStored()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("some.txt must be a folder or tar archive of JPEG and PNG files");
    assertThatThrownBy(() -> ImageData.open(folder.resolve("no"), ImageGeometry.asStored()))
        .hasMessageContaining("must be an existing folder or file");
  }

  private static byte[] idx() {
    ByteBuffer file = ByteBuffer.allocate(24);
    file.putInt(0x0803).putInt(1).putInt(2).putInt(4);
    for (int i = 1; i <= 8; i++) {
      file.put((byte) (10 * i));
    }
    return file.array();
  }
}
