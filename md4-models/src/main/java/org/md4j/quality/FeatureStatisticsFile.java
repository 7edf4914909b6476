package org.md4j.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;
import org.md4j.file.FileReplacement;
import org.md4j.file.JsonFailureText;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Feature statistics as a file; the format is told at {@link FeatureStatistics#write}. */
final class FeatureStatisticsFile {
  /** The contents of {@code statistics.json}. */
  record Header(int format, FeatureProvenance provenance, long count, int width) {}

  private static final int FORMAT = 1;
  private static final String HEADER = "statistics.json";
  private static final String MEAN = "mu.npy";
  private static final String COVARIANCE = "sigma.npy";
  private static final String NPY_MAGIC = "\u0093NUMPY\u0001\u0000";

  /** The number of bytes at a multiple of which the data of an NPY file starts. */
  private static final int NPY_ALIGNMENT = 64;

  private static final ObjectMapper JSON = new ObjectMapper();

  private FeatureStatisticsFile() {}

  static void write(FeatureStatistics statistics, Path file) {
    try {
      Header header =
          new Header(FORMAT, statistics.provenance(), statistics.count(), statistics.width());
      FileReplacement.write(
          file,
          out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            entry(zip, HEADER, JSON.writeValueAsBytes(header));
            entry(zip, MEAN, npy(statistics.mean()));
            entry(zip, COVARIANCE, npy(statistics.covariance()));
            zip.finish();
          });
    } catch (IOException e) {
      throw new DataException(
          "feature statistics (%s) cannot be written: %s".formatted(file, FailureText.reason(e)),
          e);
    }
  }

  static FeatureStatistics read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DataException("feature statistics (" + file + ") must be an existing file");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        ZipInputStream zip = new ZipInputStream(in)) {
      return parse(entries(zip));
    } catch (JsonProcessingException e) {
      throw unusable(file, HEADER + " cannot be understood: " + JsonFailureText.of(e), e);
    } catch (IOException e) {
      throw unusable(file, FailureText.reason(e), e);
    } catch (IllegalArgumentException | DataException e) {
      throw unusable(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static DataException unusable(Path file, String why, Exception cause) {
    return new DataException(
        "feature statistics (%s) cannot be used: %s".formatted(file, why), cause);
  }

  private static Map<String, byte[]> entries(ZipInputStream zip) throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
      entries.put(e.getName(), zip.readAllBytes());
    }
    return entries;
  }

  private static FeatureStatistics parse(Map<String, byte[]> entries) throws IOException {
    Header header = JSON.readValue(present(entries.get(HEADER), HEADER), Header.class);
    if (header == null || header.provenance() == null) {
      throw new DataException(
          HEADER + " must be an object with format, provenance, count and width");
    }
    if (header.format() != FORMAT) {
      throw new DataException("format must be " + FORMAT + ", got " + header.format());
    }
    int width = header.width();
    return new FeatureStatistics(
        header.provenance(),
        header.count(),
        array(entries, MEAN, width),
        array(entries, COVARIANCE, width, width));
  }

  private static byte[] present(byte @Nullable [] bytes, String name) {
    if (bytes == null) {
      throw new DataException("it holds no " + name);
    }
    return bytes;
  }

  private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    // A fixed time, so that the same statistics are the same file.
    entry.setTimeLocal(LocalDateTime.of(2000, 1, 1, 0, 0));
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  /** Writes an array in NumPy's format 1.0, little-endian doubles in c order. */
  private static byte[] npy(INDArray array) {
    byte[] header = npyHeader(array.shape());
    double[] values = array.reshape(array.length()).toDoubleVector();
    ByteBuffer bytes =
        ByteBuffer.allocate(header.length + values.length * Double.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(header);
    bytes.asDoubleBuffer().put(values);
    return bytes.array();
  }

  private static byte[] npyHeader(long... shape) {
    StringBuilder sizes = new StringBuilder();
    for (long size : shape) {
      sizes.append(size).append(", ");
    }
    String text =
        "{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }"
            .formatted(
                shape.length == 1
                    ? sizes.toString().strip()
                    : sizes.substring(0, sizes.length() - 2));
    int unpadded = NPY_MAGIC.length() + Short.BYTES + text.length() + 1;
    int padding = Math.floorMod(-unpadded, NPY_ALIGNMENT);
    String dictionary = text + " ".repeat(padding) + "\n";
    return ByteBuffer.allocate(unpadded + padding)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(NPY_MAGIC.getBytes(StandardCharsets.ISO_8859_1))
        .putShort((short) dictionary.length())
        .put(dictionary.getBytes(StandardCharsets.ISO_8859_1))
        .array();
  }

  private static INDArray array(Map<String, byte[]> entries, String name, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.wrap(present(entries.get(name), name)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] expected = npyHeader(shape);
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    if (bytes.capacity() != expected.length + length * Double.BYTES
        || !bytes.slice(0, expected.length).equals(ByteBuffer.wrap(expected))) {
      throw new DataException(
          "%s must hold %d doubles in NumPy's format, as it was written here"
              .formatted(name, length));
    }
    double[] values = new double[(int) length];
    bytes.position(expected.length).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
    return Nd4j.createFromArray(values).reshape('c', shape);
  }
}
