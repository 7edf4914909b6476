package org.md4j.data.text;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.ChecksumVerifyingInputStream;
import org.md4j.data.DataException;

/** The one text in a zip archive, wherever it lies in it and whatever a desktop adds. */
final class ZippedText {
  private static final String MAC_FOLDER = "__MACOSX/";
  private static final int MOST_NAMES = 5;

  private ZippedText() {}

  /**
   * Opens the text.
   *
   * @return closes the archive when it is closed
   * @throws DataException if there is not one text in it, or one that cannot be unpacked
   */
  static InputStream open(Path file) throws IOException {
    ZipFile zip = new ZipFile(file.toFile());
    try {
      ZipArchiveEntry text = text(file, zip);
      return new OpenText(
          new ChecksumVerifyingInputStream(
              new CRC32(), zip.getInputStream(text), text.getSize(), text.getCrc()),
          zip);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static ZipArchiveEntry text(Path file, ZipFile zip) {
    List<ZipArchiveEntry> texts =
        Collections.list(zip.getEntries()).stream().filter(ZippedText::mayBeText).toList();
    if (texts.size() != 1) {
      throw new DataException(
          "data file (%s) must be an archive with one text in it, got %s"
              .formatted(file, listed(texts)));
    }
    ZipArchiveEntry text = texts.get(0);
    if (text.getGeneralPurposeBit().usesEncryption()) {
      throw new DataException(
          "data file (%s) must not be under a password, as %s in it is: unpack it"
              .formatted(file, text.getName()));
    }
    if (!zip.canReadEntryData(text)) {
      throw new DataException(
          "data file (%s) holds %s packed by method %d, which cannot be read here: unpack it"
              .formatted(file, text.getName(), text.getMethod()));
    }
    return text;
  }

  /** Leaves out folders and what desktops put beside files: icons, resource forks. */
  private static boolean mayBeText(ZipArchiveEntry entry) {
    String name = entry.getName();
    return !entry.isDirectory()
        && !name.startsWith(MAC_FOLDER)
        && !name.substring(name.lastIndexOf('/') + 1).startsWith(".");
  }

  private static String listed(List<ZipArchiveEntry> texts) {
    if (texts.isEmpty()) {
      return "none";
    }
    String names =
        texts.stream()
            .limit(MOST_NAMES)
            .map(ZipArchiveEntry::getName)
            .collect(Collectors.joining(", "));
    return "%d: %s%s; unpack it and name one"
        .formatted(texts.size(), names, texts.size() > MOST_NAMES ? ", ..." : "");
  }

  /** Closes the archive, too. */
  private static final class OpenText extends FilterInputStream {
    private final ChecksumVerifyingInputStream text;
    private final ZipFile zip;

    OpenText(ChecksumVerifyingInputStream text, ZipFile zip) {
      super(new BufferedInputStream(text));
      this.text = text;
      this.zip = zip;
    }

    /** A checksum is compared only when all bytes have come. */
    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
      int read = super.read(into, offset, count);
      if (read < 0 && text.getBytesRemaining() > 0) {
        throw new EOFException("it is shorter than it says");
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      super.close();
      zip.close();
    }
  }
}
