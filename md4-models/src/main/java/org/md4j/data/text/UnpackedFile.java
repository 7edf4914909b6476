package org.md4j.data.text;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.md4j.data.DataException;
import org.md4j.file.Packing;

/** Opens a file by what its first bytes say it is packed with, whatever its name says. */
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
   * Opens a file for reading what is in it; of a zip archive its one text, of gzip and bzip2 all
   * streams that follow each other.
   *
   * @throws DataException if it needs what is not on the class path, or is an archive without one
   *     text
   */
  static InputStream open(Path file) throws IOException {
    return switch (Packing.of(file)) {
      case ZIP, EMPTY_ZIP -> ZippedText.open(file);
      default -> unpack(fileName(file), Files.newInputStream(file));
    };
  }

  /**
   * Unpacks a stream.
   *
   * @param name of the file, for errors
   * @param file closed with what is returned
   * @throws DataException if it needs what is not on the class path, or is packed otherwise
   */
  static InputStream unpack(String name, InputStream file) throws IOException {
    BufferedInputStream packed = new BufferedInputStream(file, CHUNK);
    try {
      return switch (Packing.of(packed)) {
        case GZIP -> new GZIPInputStream(packed, CHUNK);
        case BZIP2 -> new BufferedInputStream(new BZip2CompressorInputStream(packed, true), CHUNK);
        case ZSTANDARD -> zstandard(name, packed);
        case XZ -> throw otherwise(name, "xz");
        case ZIP, EMPTY_ZIP -> throw otherwise(name, "zip");
        case NONE -> packed;
      };
    } catch (IOException | RuntimeException e) {
      packed.close();
      throw e;
    }
  }

  private static DataException otherwise(String name, String packing) {
    return new DataException(
        "data file (%s) must be packed by gzip, bzip2 or Zstandard, got one packed by %s: unpack it"
            .formatted(name, packing));
  }

  private static InputStream zstandard(String name, InputStream packed) throws IOException {
    try {
      return new ZstdCompressorInputStream(packed);
    } catch (NoClassDefFoundError e) {
      throw new DataException(
          name + " needs com.github.luben:zstd-jni on the class path: add this dependency", e);
    }
  }
}
