package org.md4j.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Files in archives, and the outer forms that fuzzing alone would hardly find. */
final class Packed {
  private Packed() {}

  /** Something that writes. */
  @FunctionalInterface
  interface Writing {
    void to(OutputStream out) throws IOException;
  }

  /** A stream that packs another. */
  @FunctionalInterface
  interface Packing {
    OutputStream into(OutputStream out) throws IOException;
  }

  static byte[] written(Writing writing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] by(Packing packing, byte[] content) {
    return written(
        out -> {
          try (OutputStream packed = packing.into(out)) {
            packed.write(content);
          }
        });
  }

  /** A zip archive of files by their names, packed, or stored with the right checksums. */
  static byte[] zip(Map<String, byte[]> files, boolean stored) {
    return written(
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
            ZipEntry entry = new ZipEntry(file.getKey());
            entry.setTime(0);
            if (stored) {
              CRC32 crc = new CRC32();
              crc.update(file.getValue());
              entry.setMethod(ZipEntry.STORED);
              entry.setSize(file.getValue().length);
              entry.setCrc(crc.getValue());
            }
            zip.putNextEntry(entry);
            zip.write(file.getValue());
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  /** A zip archive with another file in place of the one of a name, stored. */
  static byte[] with(byte[] archive, String name, byte[] content) {
    Map<String, byte[]> files = unzip(archive);
    files.put(name, content);
    return zip(files, true);
  }

  /** The files in a zip archive. */
  static Map<String, byte[]> unzip(byte[] archive) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  static byte[] tar(Map<String, byte[]> files) {
    return written(
        out -> {
          TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
          for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
            TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
            entry.setSize(file.getValue().length);
            entry.setModTime(0);
            tar.putArchiveEntry(entry);
            tar.write(file.getValue());
            tar.closeArchiveEntry();
          }
          tar.finish();
        });
  }

  /** An array of NumPy. */
  static byte[] npy(String type, String shape, byte[] elements) {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n".formatted(type, shape);
    return written(
        out -> {
          out.write("\u0093NUMPY\u0001\u0000".getBytes(ISO_8859_1));
          out.write(header.length());
          out.write(0);
          out.write(header.getBytes(ISO_8859_1));
          out.write(elements);
        });
  }

  static byte[] longs(long... numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long number : numbers) {
      bytes.putLong(number);
    }
    return bytes.array();
  }

  /** Numbers in the order of networks. */
  static byte[] ints(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * numbers.length);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    return bytes.array();
  }
}
