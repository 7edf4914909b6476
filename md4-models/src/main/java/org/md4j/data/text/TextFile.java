package org.md4j.data.text;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.md4j.data.BytePages;
import org.md4j.data.DataException;
import org.md4j.data.TokenSequence;

/**
 * Reads 27-symbol text ({@code a} to {@code z} and space) into a {@link TokenSequence}.
 *
 * <p>text8 is read as published, {@code text8.zip}. A newline at the very end, as editors leave it,
 * is not part of the text; the SHA-256 is that of the unpacked bytes, newline included, and so what
 * {@code sha256sum} prints.
 */
public final class TextFile {
  private static final int CHUNK = 1 << 16;

  private TextFile() {}

  /**
   * Reads a file: the first entry of a {@code .zip}, the content of a {@code .gz}, any other name
   * as plain text.
   *
   * @throws DataException if the file is missing, damaged, empty or holds another symbol
   */
  public static TokenSequence read(Path file) {
    String name = file.getFileName() == null ? file.toString() : file.getFileName().toString();
    if (!Files.isRegularFile(file)) {
      throw new DataException("data file (" + file + ") must be an existing file");
    }
    try (InputStream packed = new BufferedInputStream(Files.newInputStream(file), CHUNK);
        InputStream plain = unpacked(name, packed)) {
      return tokens(name, plain);
    } catch (IOException e) {
      throw new DataException(
          "data file (%s) cannot be read to its end, is it whole? %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /**
   * Reads plain text.
   *
   * @param name what the text is called in reports and errors
   * @param plain read to its end, not closed
   * @throws DataException if the stream fails, is empty or holds another symbol
   */
  public static TokenSequence read(String name, InputStream plain) {
    try {
      return tokens(name, plain);
    } catch (IOException e) {
      throw new DataException(name + " cannot be read to its end: " + e.getMessage(), e);
    }
  }

  private static InputStream unpacked(String name, InputStream packed) throws IOException {
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(packed, CHUNK);
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
  }

  private static TokenSequence tokens(String name, InputStream plain) throws IOException {
    MessageDigest digest = sha256();
    BytePages tokens = new BytePages();
    byte[] chunk = new byte[CHUNK];
    long position = 0;
    int lineEnd = -1; // The first of the line ends that may prove to be the trailing ones.
    long lineEndPosition = -1;
    for (int count = plain.read(chunk); count >= 0; count = plain.read(chunk)) {
      digest.update(chunk, 0, count);
      for (int i = 0; i < count; i++, position++) {
        int symbol = chunk[i] & 0xFF;
        if (symbol == '\n' || symbol == '\r') {
          if (lineEnd < 0) {
            lineEnd = symbol;
            lineEndPosition = position;
          }
          continue;
        }
        if (lineEnd >= 0) {
          throw Text27Tokenizer.unknownSymbol(name, lineEnd, lineEndPosition);
        }
        int token = Text27Tokenizer.tokenOf(symbol);
        if (token < 0) {
          throw Text27Tokenizer.unknownSymbol(name, symbol, position);
        }
        tokens.append(token);
      }
    }
    if (tokens.size() == 0) {
      throw new DataException(name + " must hold text, got none");
    }
    return TokenSequence.of(
        new Text27Tokenizer().vocabulary(),
        name,
        HexFormat.of().formatHex(digest.digest()),
        tokens);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
