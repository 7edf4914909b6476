package org.md4j.data.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;

class Cifar10ImagesTest {
  private static final int PLANE = 32 * 32;
  private static final int TOKENS = 3 * PLANE;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"true, false", "true, true", "false, false", "false, true"})
  void readsEveryVersionFromFoldersAndArchives(boolean binary, boolean archive) throws IOException {
    Path path = published(binary, archive);

    try (ImageSource training = Cifar10Images.training(path);
        ImageSource test = Cifar10Images.test(path);
        ImageSource found = ImageData.open(path, ImageGeometry.asStored())) {
      assertThat(training.shape()).isEqualTo(new ImageShape(32, 32, 3));
      assertThat(training.size()).isEqualTo(4);
      assertThat(IntStream.range(0, 4).map(training::label)).containsExactly(6, 9, 0, 3);
      assertThat(training.classNames()).hasSize(10).startsWith("airplane").endsWith("truck");
      for (int i = 0; i < 4; i++) {
        assertThat(TestImages.row(training, i)).isEqualTo(tokens(i));
      }
      assertThat(test.size()).isEqualTo(1);
      assertThat(TestImages.row(test, 0)).isEqualTo(tokens(4));
      assertThat(found.sha256()).isEqualTo(training.sha256());
    }
  }

  @Test
  void folderAndArchiveAreOneSet() throws IOException {
    try (ImageSource plain = Cifar10Images.training(published(true, false));
        ImageSource packed = Cifar10Images.training(published(true, true))) {
      String lines =
          Sha256.of(binary(0, 6, 9))
              + "  data_batch_1.bin\n"
              + Sha256.of(binary(2, 0, 3))
              + "  data_batch_2.bin\n";
      assertThat(plain.sha256()).isEqualTo(Sha256.of(lines.getBytes(ISO_8859_1)));
      assertThat(packed.sha256()).isEqualTo(plain.sha256());
    }
  }

  @Test
  void oneBatchCanBeOpenedAlone() throws IOException {
    Path test = published(true, false).resolve("test_batch.bin");

    try (ImageSource source = ImageData.open(test, ImageGeometry.centralCropAndResize(16))) {
      assertThat(source.shape()).isEqualTo(new ImageShape(16, 16, 3));
      int[] old = tokens(4);
      int mean =
          Math.toIntExact(Math.round(Math.rint((old[0] + old[3] + old[96] + old[99]) / 4.0)));
      assertThat(TestImages.row(source, 0)[0]).isEqualTo(mean);
    }
  }

  @Test
  void damagedBatchesAreNamed() throws IOException {
    Path cut = write("data_batch_1.bin", Arrays.copyOf(binary(0, 6, 9), 5000));
    assertThatThrownBy(() -> Cifar10Images.training(cut))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("data_batch_1.bin must be a whole number of records of 3073 bytes");

    byte[] pickle = pickled(0, 6, 9);
    Path half = write("data_batch_2", Arrays.copyOf(pickle, pickle.length / 2));
    assertThatThrownBy(() -> Cifar10Images.training(half)).hasMessage("data_batch_2 is cut off");

    Path text = write("data_batch_3", "nothing of the kind".getBytes(ISO_8859_1));
    assertThatThrownBy(() -> Cifar10Images.training(text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("data_batch_3 must be a pickled dictionary");

    Path label = write("data_batch_4.bin", binary(0, 6, 10));
    assertThatThrownBy(() -> Cifar10Images.training(label))
        .hasMessageContaining("every label must be in [0, 10), got 10");

    assertThatThrownBy(() -> Cifar10Images.test(folder))
        .hasMessageContaining("must hold the test batches of CIFAR-10");
  }

  private Path published(boolean binary, boolean archive) throws IOException {
    String end = binary ? ".bin" : "";
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("readme.html", new byte[] {1});
    files.put("data_batch_2" + end, binary ? binary(2, 0, 3) : pickled(2, 0, 3));
    files.put("test_batch" + end, binary ? binary(4, 7) : pickled(4, 7));
    files.put("data_batch_1" + end, binary ? binary(0, 6, 9) : pickled(0, 6, 9));
    if (!archive) {
      Path set = Files.createDirectory(folder.resolve("set"));
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(set.resolve(file.getKey()), file.getValue());
      }
      return set;
    }
    Path path = folder.resolve("cifar-10.tar.gz");
    try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(path));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry("cifar-10-batches/" + file.getKey());
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return path;
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** Byte p of plane k of an image. */
  private static int value(int image, int k, int p) {
    return (image * 41 + k * 90 + p * 3 + p / 32) & 0xFF;
  }

  private static int[] tokens(int image) {
    int[] tokens = new int[TOKENS];
    for (int n = 0; n < TOKENS; n++) {
      tokens[n] = value(image, n % 3, n / 3);
    }
    return tokens;
  }

  private static void planes(int image, ByteArrayOutputStream out) {
    for (int k = 0; k < 3; k++) {
      for (int p = 0; p < PLANE; p++) {
        out.write(value(image, k, p));
      }
    }
  }

  private static byte[] binary(int firstImage, int... labels) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (int i = 0; i < labels.length; i++) {
      file.write(labels[i]);
      planes(firstImage + i, file);
    }
    return file.toByteArray();
  }

  /** The instructions that Python 2 writes of such a dictionary with its protocol 2. */
  private static byte[] pickled(int firstImage, int... labels) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    put(file, "\u0080\u0002}q\u0001(U\u000bbatch_labelq\u0002U\u0015training batch 1 of 5q\u0003");
    put(file, "U\u0006labelsq\u0004]q\u0005(");
    for (int label : labels) {
      put(file, "K");
      file.write(label);
    }
    put(file, "eU\u0004dataq\u0006cnumpy.core.multiarray\n_reconstruct\nq\u0007");
    put(file, "cnumpy\nndarray\nq\bK\u0000\u0085U\u0001b\u0087Rq\t(K\u0001");
    put(file, "K");
    file.write(labels.length);
    put(file, "M\u0000\f\u0086cnumpy\ndtype\nq\nU\u0002u1K\u0000K\u0001\u0087Rq\u000b");
    put(
        file,
        "(K\u0003U\u0001|NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\u0000tb\u0089T");
    file.writeBytes(
        ByteBuffer.allocate(4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(labels.length * TOKENS)
            .array());
    for (int i = 0; i < labels.length; i++) {
      planes(firstImage + i, file);
    }
    put(file, "tbU\tfilenamesq\f]q\r(U\u0005a.pngq\u000eU\u0005b.pngq\u000feu.");
    return file.toByteArray();
  }

  /** Every round would make a name of twice the length. */
  @Test
  void aNameThatGrowsIsRefusedBeforeItFillsTheHeap() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    put(file, "U\u0001aq\u0000" + "h\u0000h\u0000\u0093q\u0000".repeat(40) + ".");
    Path batch = write("data_batch_1", file.toByteArray());

    assertThatThrownBy(() -> Cifar10Images.training(batch))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("a name is no short text");
  }

  private static void put(ByteArrayOutputStream file, String instructions) {
    file.writeBytes(instructions.getBytes(ISO_8859_1));
  }
}
