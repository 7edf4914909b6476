package org.md4j.data.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.md4j.data.DataException;
import org.md4j.data.TokenSequence;
import org.md4j.data.TokenSequenceBuilder;
import org.md4j.data.Tokenizer;
import org.md4j.file.FailureText;

/**
 * Reads text into a {@link TokenSequence} that knows its tokenizer.
 *
 * <p>text8 is read as published, {@code text8.zip}. Line ends at the very end, as editors leave
 * them, are not part of the text; the SHA-256 is that of the unpacked bytes, these included, and so
 * what {@code sha256sum} prints.
 */
public final class TextFile {
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
   * Reads a file: the one text in a zip archive, what is packed by gzip, bzip2 or Zstandard, all of
   * which are known by their first bytes, or plain text.
   *
   * @param tokenizer of the text; a file larger than an array needs one that encodes {@link
   *     Tokenizer#encode(String, InputStream, java.util.function.IntConsumer) piece by piece}, as
   *     {@link Text27Tokenizer}, {@link ByteTokenizer} and {@link Gpt2Tokenizer} do
   * @throws DataException if the file is missing, damaged, empty or holds a symbol that the
   *     tokenizer does not know
   */
  public static TokenSequence read(Path file, Tokenizer tokenizer) {
    String name = UnpackedFile.fileName(file);
    if (!Files.isRegularFile(file)) {
      throw new DataException("data file (" + file + ") must be an existing file");
    }
    try (InputStream plain = UnpackedFile.open(file)) {
      return tokens(name, plain, tokenizer);
    } catch (IOException e) {
      throw new DataException(
          "data file (%s) cannot be read to its end, is it whole? %s"
              .formatted(file, FailureText.reason(e)),
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
      throw new DataException(name + " cannot be read to its end: " + FailureText.reason(e), e);
    }
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
