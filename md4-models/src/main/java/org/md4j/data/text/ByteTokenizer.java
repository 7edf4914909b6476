package org.md4j.data.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntConsumer;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;

/**
 * Takes every byte of UTF-8 text for a token, so that all text has ids: 256 values, a letter
 * outside ASCII two to four of them.
 *
 * <p>Decoding writes the replacement character U+FFFD for bytes that are no UTF-8, as an untrained
 * network draws them. A file is read as the bytes it holds, whatever they are.
 *
 * @param blank how a mask is written, not empty; a template cannot hold it as text
 */
public record ByteTokenizer(String blank) implements Tokenizer {
  private static final int CHUNK = 1 << 16;
  private static final Vocabulary VOCABULARY = new Vocabulary(1 << Byte.SIZE);
  private static final TokenizerIdentity IDENTITY =
      new TokenizerIdentity("bytes", Sha256.of("the 256 values of a byte, text as UTF-8"));

  /** Checks the blank. */
  public ByteTokenizer {
    if (blank.isEmpty()) {
      throw new IllegalArgumentException("blank must have at least one character, got none");
    }
  }

  /** Writes a mask as {@code _}; for text with underscores to fill in, choose another. */
  public ByteTokenizer() {
    this("_");
  }

  @Override
  public Vocabulary vocabulary() {
    return VOCABULARY;
  }

  /** The same whatever blank is chosen, which changes no token. */
  @Override
  public TokenizerIdentity identity() {
    return IDENTITY;
  }

  /**
   * Encodes a text as its bytes in UTF-8.
   *
   * @throws DataException if half a surrogate pair stands alone, which UTF-8 cannot write
   */
  @Override
  public int[] encode(String text) {
    Surrogates.requireWhole(text);
    byte[] bytes = text.getBytes(UTF_8);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = bytes[i] & 0xFF;
    }
    return tokens;
  }

  @Override
  public void encode(String name, InputStream text, IntConsumer tokens) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int count = text.read(chunk); count >= 0; count = text.read(chunk)) {
      for (int i = 0; i < count; i++) {
        tokens.accept(chunk[i] & 0xFF);
      }
    }
  }

  @Override
  public String decode(int[] tokens) {
    DecodedText text = new DecodedText(blank);
    for (int token : tokens) {
      if (token < 0 || token > VOCABULARY.maskId()) {
        throw new IllegalArgumentException(
            "token (" + token + ") must be in 0.." + VOCABULARY.maskId());
      }
      if (token < VOCABULARY.maskId()) {
        text.add(token);
      } else {
        text.addBlank();
      }
    }
    return text.toString();
  }
}
