package org.md4j.data.text;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.md4j.data.DataException;
import org.md4j.data.TokenSequence;
import org.md4j.data.TokenSequenceBuilder;
import org.md4j.data.Tokenizer;

/**
 * Reads text into a {@link TokenSequence} that knows its tokenizer.
 *
 * <p>text8 is read as published, {@code text8.zip}. Line ends at the very end, as editors leave
 * them, are not part of the text; the SHA-256 is that of the unpacked bytes, these included, and so
 * what {@code sha256sum} prints.
 */
public final class TextFile {
  private static final int CHUNK = 1 << 16;

  private TextFile() {}

  /**
   * Reads a file of 27 symbols, {@code a} to {@code z} and space.
   *
   * @throws DataException as {@link #read(Path, Tokenizer)} does
   */
  public static TokenSequence read(Path file) {
    return read(file, new Text27Tokenizer());
  }

  /**
   * Reads a file: the first entry of a {@code .zip}, the content of a {@code .gz}, any other name
   * as plain text.
   *
   * @param tokenizer of the text; a file larger than an array needs one that encodes {@link
   *     Tokenizer#encode(String, InputStream, java.util.function.IntConsumer) piece by piece}, as
   *     {@link Text27Tokenizer} and {@link ByteTokenizer} do
   * @throws DataException if the file is missing, damaged, empty or holds a symbol that the
   *     tokenizer does not know
   */
  public static TokenSequence read(Path file, Tokenizer tokenizer) {
    String name = file.getFileName() == null ? file.toString() : file.getFileName().toString();
    if (!Files.isRegularFile(file)) {
      throw new DataException("data file (" + file + ") must be an existing file");
    }
    try (InputStream packed = new BufferedInputStream(Files.newInputStream(file), CHUNK);
        InputStream plain = unpacked(name, packed)) {
      return tokens(name, plain, tokenizer);
    } catch (IOException e) {
      throw new DataException(
          "data file (%s) cannot be read to its end, is it whole? %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /**
   * Reads plain text of 27 symbols.
   *
   * @throws DataException as {@link #read(String, InputStream, Tokenizer)} does
   */
  public static TokenSequence read(String name, InputStream plain) {
    return read(name, plain, new Text27Tokenizer());
  }

  /**
   * Reads plain text.
   *
   * @param name what reports and errors call the text
   * @param plain read to its end, not closed
   * @throws DataException if the stream fails, is empty or holds a symbol that the tokenizer does
   *     not know
   */
  public static TokenSequence read(String name, InputStream plain, Tokenizer tokenizer) {
    try {
      return tokens(name, plain, tokenizer);
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

  private static TokenSequence tokens(String name, InputStream plain, Tokenizer tokenizer)
      throws IOException {
    TokenSequenceBuilder tokens = TokenSequence.builder(tokenizer.vocabulary(), name);
    TextStream text = new TextStream(plain);
    tokenizer.encode(name, text, tokens::append);
    if (tokens.size() == 0) {
      throw new DataException(name + " must hold text, got none");
    }
    return tokens.build(text.sha256()).withTokenizer(tokenizer.identity());
  }
}
