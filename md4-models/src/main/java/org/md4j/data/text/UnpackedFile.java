package org.md4j.data.text;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.md4j.data.DataException;

/** Opens a file by what its name says it is packed with: gzip, bzip2, Zstandard, zip or nothing. */
final class UnpackedFile {
  private static final int CHUNK = 1 << 16;
  private static final List<String> SUFFIXES = List.of(".gz", ".bz2", ".zst", ".zip");

  private UnpackedFile() {}

  /** The name of a file, in small letters, without its folder and what says that it is packed. */
  static String nameOf(Path file) {
    String name = fileName(file).toLowerCase(Locale.ROOT);
    return SUFFIXES.stream()
        .filter(name::endsWith)
        .findFirst()
        .map(suffix -> name.substring(0, name.length() - suffix.length()))
        .orElse(name);
  }

  /** The name of a file without its folder. */
  static String fileName(Path file) {
    return file.getFileName() == null ? file.toString() : file.getFileName().toString();
  }

  /**
   * Opens a file for reading what is in it; of a zip archive its first entry, of gzip and bzip2 all
   * streams that follow each other.
   *
   * @throws DataException if it needs what is not on the class path
   */
  static InputStream open(Path file) throws IOException {
    return unpack(fileName(file), new BufferedInputStream(Files.newInputStream(file), CHUNK));
  }

  /**
   * Unpacks a stream.
   *
   * @param fileName says what it is packed with
   */
  static InputStream unpack(String fileName, InputStream packed) throws IOException {
    String name = fileName.toLowerCase(Locale.ROOT);
    try {
      if (name.endsWith(".gz")) {
        return new GZIPInputStream(packed, CHUNK);
      }
      if (name.endsWith(".bz2")) {
        return new BufferedInputStream(new BZip2CompressorInputStream(packed, true), CHUNK);
      }
      if (name.endsWith(".zst")) {
        return zstandard(name, packed);
      }
      if (name.endsWith(".zip")) {
        ZipInputStream zip = new ZipInputStream(packed);
        if (zip.getNextEntry() == null) {
          throw new DataException(
              name + " must be a zip archive with one text file in it, found none");
        }
        return zip;
      }
      return packed;
    } catch (IOException | RuntimeException e) {
      packed.close();
      throw e;
    }
  }

  private static InputStream zstandard(String name, InputStream packed) throws IOException {
    try {
      return new ZstdCompressorInputStream(packed);
    } catch (NoClassDefFoundError e) {
      packed.close();
      throw new DataException(
          name + " needs com.github.luben:zstd-jni on the class path: add this dependency", e);
    }
  }
}
