package org.md4j.data.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;

class NpzImagesTest {
  private static final int SIDE = 4;
  private static final int TOKENS = 3 * SIDE * SIDE;

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final Pattern UNPACKED = Pattern.compile("/md4-\\d+\\.data");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsPlanesAndLabelsFromStoredAndPackedArrays(boolean stored) throws IOException {
    Path file = npz("val_data.npz", stored, data(0, 2), longs(3, 1));

    try (ImageSource source = NpzImages.open(file)) {
      assertThat(source.shape()).isEqualTo(new ImageShape(SIDE, SIDE, 3));
      assertThat(source.size()).isEqualTo(2);
      assertThat(source.label(0)).isEqualTo(2);
      assertThat(source.label(1)).isZero();
      assertThat(source.classNames()).containsExactly("1", "2", "3");
      assertThat(TestImages.row(source, 1)).isEqualTo(tokens(1));
      assertThat(source.sha256()).isEqualTo(Sha256.of(Files.readAllBytes(file)));
    }
  }

  @Test
  void trainingBatchesAreOneSetInTheOrderOfTheirNumbers() throws IOException {
    npz("train_data_batch_10.npz", true, data(2, 1), longs(2));
    npz("train_data_batch_2.npz", true, data(0, 2), longs(1, 3));
    npz("val_data.npz", true, data(9, 1), longs(1));

    try (ImageSource source = ImageData.open(folder, ImageGeometry.exactly(SIDE, SIDE))) {
      assertThat(source.size()).isEqualTo(3);
      for (int i = 0; i < 3; i++) {
        assertThat(TestImages.row(source, i)).isEqualTo(tokens(i));
      }
      assertThat(source.label(2)).isEqualTo(1);
    }
    Path single = folder.resolve("val_data.npz");
    try (ImageSource source = ImageData.open(single, ImageGeometry.asStored())) {
      assertThat(TestImages.row(source, 0)).isEqualTo(tokens(9));
    }
  }

  @Test
  void whatIsNotOfThisFormIsSaid() throws IOException {
    assertThatThrownBy(() -> NpzImages.open(npz("a.npz", true, longs(1), longs(1))))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "a.npz: data must be bytes (|u1) of shape [n, 3 * side * side], got <i8 of [1]");
    assertThatThrownBy(() -> NpzImages.open(npz("b.npz", true, data(0, 2), longs(1))))
        .hasMessageContaining("labels must be as many as images, 2, got 1");
    assertThatThrownBy(() -> NpzImages.open(npz("c.npz", true, data(0, 1), longs(0))))
        .hasMessage("c.npz: labels must be numbers from 1 on, got 0");
    assertThatThrownBy(() -> NpzImages.open(npz("d.npz", true, new byte[20], longs(1))))
        .hasMessage("d.npz/data.npy must be a NumPy array");
    assertThatThrownBy(
            () -> NpzImages.open(npz("e.npz", true, npy("|u1", "5, 48", new byte[9]), longs(1))))
        .hasMessageContaining("must have 240 elements of |u1, got 9 bytes: is it whole?");
    Path text = Files.writeString(folder.resolve("f.npz"), "text");
    assertThatThrownBy(() -> NpzImages.open(text)).hasMessageContaining("f.npz must be an npz");
    assertThatThrownBy(() -> NpzImages.open(Files.createDirectory(folder.resolve("empty"))))
        .hasMessageContaining("must hold train_data_batch_1.npz");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFlippedBitIsFoundByTheChecksum(boolean stored) throws IOException {
    Path file = npz("val_data.npz", stored, data(0, 2), longs(3, 1));
    byte[] content = Files.readAllBytes(file);
    byte[] magic = "NUMPY".getBytes(ISO_8859_1);
    int flipped = 0;
    for (int at = 0; at < content.length - magic.length; at++) {
      if (stored && Arrays.equals(content, at, at + magic.length, magic, 0, magic.length)) {
        flipped = at + 100; // Among the labels, then among the pixels.
        content[flipped] ^= 1;
      }
    }
    if (flipped == 0) {
      content[content.length / 2] ^= 1;
    }
    Files.write(file, content);

    assertThatThrownBy(() -> NpzImages.open(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("val_data.npz");
  }

  @Test
  void closingLeavesNoFileOpen() throws IOException {
    assumeTrue(Files.isDirectory(OPEN_FILES), "the system tells of open files");
    Path file = npz("val_data.npz", false, data(0, 2), longs(3, 1));
    long before = unpackedFiles();

    for (int i = 0; i < 3; i++) {
      NpzImages.open(file).close();
    }

    assertThat(unpackedFiles()).isEqualTo(before);
  }

  private static long unpackedFiles() throws IOException {
    try (Stream<Path> files = Files.list(OPEN_FILES)) {
      return files.map(NpzImagesTest::leadsTo).filter(UNPACKED.asPredicate()).count();
    }
  }

  private static String leadsTo(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) { // Closed since it was listed.
      return "";
    }
  }

  private Path npz(String name, boolean stored, byte[] data, byte[] labels) throws IOException {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("labels.npy", labels);
    arrays.put("data.npy", data);
    Path file = folder.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        ZipEntry entry = new ZipEntry(array.getKey());
        if (stored) {
          CRC32 crc = new CRC32();
          crc.update(array.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(array.getValue().length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(array.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  private static int value(int image, int k, int p) {
    return (image * 57 + k * 101 + p * 13) & 0xFF;
  }

  private static int[] tokens(int image) {
    int[] tokens = new int[TOKENS];
    for (int n = 0; n < TOKENS; n++) {
      tokens[n] = value(image, n % 3, n / 3);
    }
    return tokens;
  }

  private static byte[] data(int firstImage, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count * TOKENS);
    for (int i = 0; i < count * TOKENS; i++) {
      int within = i % TOKENS;
      bytes.put(
          (byte) value(firstImage + i / TOKENS, within / (SIDE * SIDE), within % (SIDE * SIDE)));
    }
    return npy("|u1", count + ", " + TOKENS, bytes.array());
  }

  private static byte[] longs(long... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long number : numbers) {
      bytes.putLong(number);
    }
    return npy("<i8", numbers.length + ",", bytes.array());
  }

  private static byte[] npy(String type, String shape, byte[] elements) {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("\u0093NUMPY\u0001\u0000".getBytes(ISO_8859_1));
    file.write(header.length());
    file.write(0);
    file.writeBytes(header.getBytes(ISO_8859_1));
    file.writeBytes(elements);
    return file.toByteArray();
  }
}
