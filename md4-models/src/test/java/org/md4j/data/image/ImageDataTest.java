package org.md4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.data.DataException;

class ImageDataTest {
  private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 1, 4};

  @TempDir private Path folder;

  @Test
  void findsIdxByItsContentAndItsLabelsByTheirName() throws IOException {
    Path images = Files.write(folder.resolve("t-images-idx3-ubyte"), idx());
    Files.write(folder.resolve("t-labels-idx1-ubyte"), LABELS);

    try (ImageSource source = ImageData.open(images, ImageGeometry.asStored())) {
      assertThat(source.shape()).isEqualTo(new ImageShape(2, 4, 1));
      assertThat(source.label(0)).isEqualTo(4);
    }
    Path alone = Files.write(folder.resolve("alone"), idx());
    try (ImageSource source = ImageData.open(alone, ImageGeometry.asStored())) {
      assertThat(source.classes()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a-images-idx3-ubyte, a-labels-idx1-ubyte",
    "a-images.idx3-ubyte, a-labels.idx1-ubyte",
    "a-images.idx3-ubyte, a-labels-idx1-ubyte.gz",
    "a-images-idx3-ubyte.gz, a-labels.idx1-ubyte"
  })
  void labelsAreFoundHoweverUnpackingSpellsThem(String images, String labels) throws IOException {
    Path file = Files.write(folder.resolve(images), idx());
    Files.write(folder.resolve(labels), LABELS);

    for (Path named : List.of(file, folder)) {
      try (ImageSource source = ImageData.open(named, ImageGeometry.asStored())) {
        assertThat(source.label(0)).isEqualTo(4);
      }
    }
    assertThat(ImageData.test(folder)).isEmpty();
    assertThat(ImageData.test(file)).isEmpty();
  }

  @Test
  void aFolderOfIdxFilesIsItsTrainingPartAndHasATest() throws IOException {
    Files.write(folder.resolve("train-images.idx3-ubyte"), idx());
    Files.createDirectory(folder.resolve("train-images-idx3-ubyte"));
    Files.write(folder.resolve("._train2-images-idx3-ubyte"), new byte[4]);
    Path packed = folder.resolve("t10k-images-idx3-ubyte");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(idx());
    }
    Files.copy(packed, folder.resolve("t10k-images-idx3-ubyte.gz"));

    try (ImageSource source = ImageData.open(folder, ImageGeometry.asStored());
        ImageSource test = ImageData.open(packed, ImageGeometry.asStored())) {
      assertThat(source.name()).isEqualTo("train-images.idx3-ubyte");
      assertThat(TestImages.row(test, 0)).isEqualTo(TestImages.row(source, 0));
    }
    assertThat(ImageData.test(folder)).contains(packed);
  }

  @Test
  void severalSetsInAFolderAreNamed() throws IOException {
    Path letters = Files.write(folder.resolve("letters-images-idx3-ubyte"), idx());
    Path digits = Files.write(folder.resolve("digits-images-idx3-ubyte"), idx());

    assertThatThrownBy(() -> ImageData.open(folder, ImageGeometry.asStored()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "%s holds several sets of images, name one of them: %s, %s"
                .formatted(folder, digits, letters));
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
