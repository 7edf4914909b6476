package org.md4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;

class IdxImagesTest {
  private static final int COUNT = 3;
  private static final int HEIGHT = 2;
  private static final int WIDTH = 5;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void readsImagesAndLabels(String packing) throws IOException {
    Path images = write("t-images-idx3-ubyte" + packing, images());
    Path labels = write("t-labels-idx1-ubyte" + packing, labels(0, 2, 1));

    try (ImageSource source = IdxImages.read(images, labels)) {
      assertThat(source.shape()).isEqualTo(new ImageShape(HEIGHT, WIDTH, 1));
      assertThat(source.size()).isEqualTo(COUNT);
      assertThat(source.classNames()).containsExactly("0", "1", "2");
      assertThat(source.label(1)).isEqualTo(2);
      assertThat(TestImages.row(source, 2)).startsWith(230, 231).endsWith(239);
      assertThat(source.name()).isEqualTo("t-images-idx3-ubyte");
    }
  }

  @Test
  void streamsAreReadAsFilesAre() throws IOException {
    try (ImageSource source =
        IdxImages.read("set", List.of("ant", "bee", "cat"), gz(images()), gz(labels(0, 2, 1)))) {
      assertThat(TestImages.row(source, 2)).startsWith(230, 231).endsWith(239);
      assertThat(source.label(2)).isEqualTo(1);
      assertThat(source.name()).isEqualTo("set");
      assertThat(source.classNames()).containsExactly("ant", "bee", "cat");
    }
  }

  @Test
  void imagesAloneAreKnownByTheHashOfTheUnpackedFile() throws IOException {
    try (ImageSource source = IdxImages.read(write("images.gz", images()), null)) {
      assertThat(source.sha256()).isEqualTo(Sha256.of(images()));
      assertThat(source.classes()).isZero();
    }
  }

  @Test
  void whatDoesNotBelongTogetherIsSaid() throws IOException {
    Path images = write("images", images());
    Path labels = write("labels", labels(0, 1));
    Path cut = write("cut", Arrays.copyOf(images(), 40));
    Path short3 = write("short", new byte[3]);

    assertThatThrownBy(() -> IdxImages.read(images, labels))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("labels must be as many as images, 3, got 2");
    assertThatThrownBy(() -> IdxImages.read(labels, images))
        .hasMessageContaining("labels must be an IDX file of images");
    assertThatThrownBy(() -> IdxImages.read(cut, null))
        .hasMessageContaining("cut must have the 46 bytes its header says, got 40");
    assertThatThrownBy(() -> IdxImages.read(short3, null))
        .hasMessageContaining("short must be an IDX file of images, got 3 bytes");
    assertThatThrownBy(() -> IdxImages.read(folder.resolve("absent"), null))
        .hasMessageContaining("must be an existing file");
  }

  @Test
  void checksItsArguments() throws IOException {
    try (ImageSource source = IdxImages.read(write("images", images()), null)) {
      assertThatThrownBy(() -> source.row(COUNT, new int[10]))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> source.row(0, new int[9]))
          .hasMessage("into must have shape [N] = [10], got [9]");
    }
  }

  private static byte[] images() {
    ByteBuffer file = ByteBuffer.allocate(16 + COUNT * HEIGHT * WIDTH);
    file.putInt(0x0803).putInt(COUNT).putInt(HEIGHT).putInt(WIDTH);
    for (int i = 0; i < COUNT * HEIGHT * WIDTH; i++) {
      file.put((byte) (210 + i));
    }
    return file.array();
  }

  private static byte[] labels(int... labels) {
    ByteBuffer file = ByteBuffer.allocate(8 + labels.length);
    file.putInt(0x0801).putInt(labels.length);
    Arrays.stream(labels).forEach(label -> file.put((byte) label));
    return file.array();
  }

  private static ByteArrayInputStream gz(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(content);
    }
    return new ByteArrayInputStream(packed.toByteArray());
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(
        folder.resolve(name), name.endsWith(".gz") ? gz(content).readAllBytes() : content);
  }
}
