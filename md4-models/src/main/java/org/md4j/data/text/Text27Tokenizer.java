package org.md4j.data.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;

/**
 * The 27 symbols of text8: {@code a} to {@code z} are 0 to 25, the space is 26.
 *
 * <p>Deviation: the reference code (b9fbf29) maps every character below {@code a} to the space.
 * Here another symbol is an error, since a file that holds one is not the data set the numbers are
 * compared on.
 */
public final class Text27Tokenizer implements Tokenizer {
  private static final int CHUNK = 1 << 16;
  private static final int LETTERS = 26;
  private static final int SPACE = LETTERS;
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] LITTLE_ENDIAN = {(byte) 0xFF, (byte) 0xFE};
  private static final byte[] BIG_ENDIAN = {(byte) 0xFE, (byte) 0xFF};
  private static final char MASK = '_';
  private static final Vocabulary VOCABULARY = new Vocabulary(LETTERS + 1);
  private static final TokenizerIdentity IDENTITY =
      new TokenizerIdentity("text27", Sha256.of("abcdefghijklmnopqrstuvwxyz "));

  @Override
  public Vocabulary vocabulary() {
    return VOCABULARY;
  }

  @Override
  public TokenizerIdentity identity() {
    return IDENTITY;
  }

  @Override
  public int[] encode(String text) {
    int[] tokens = new int[text.length()];
    for (int i = 0; i < tokens.length; i++) {
      int token = tokenOf(text.charAt(i));
      if (token < 0) {
        throw unknownSymbol("text", text.charAt(i), i);
      }
      tokens[i] = token;
    }
    return tokens;
  }

  @Override
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder(tokens.length);
    for (int token : tokens) {
      text.append(symbolOf(token));
    }
    return text.toString();
  }

  /**
   * Encodes bytes one by one, so that text8 passes through little memory. A mark of UTF-8 at the
   * beginning, as some editors leave it, is not text.
   */
  @Override
  public void encode(String name, InputStream text, IntConsumer tokens) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long position = 0;
    int count = text.readNBytes(chunk, 0, CHUNK);
    requireNoUtf16(name, chunk, count);
    for (int from = begins(chunk, count, MARK) ? MARK.length : 0;
        count > 0;
        from = 0, count = text.readNBytes(chunk, 0, CHUNK)) {
      for (int i = from; i < count; i++, position++) {
        int symbol = chunk[i] & 0xFF;
        int token = tokenOf(symbol);
        if (token < 0) {
          throw unknownSymbol(name, symbol, position);
        }
        tokens.accept(token);
      }
    }
  }

  private static void requireNoUtf16(String name, byte[] bytes, int count) {
    if (begins(bytes, count, LITTLE_ENDIAN) || begins(bytes, count, BIG_ENDIAN)) {
      throw new DataException(
          name + " is UTF-16, by its first two bytes: save it as plain text, in UTF-8");
    }
  }

  private static boolean begins(byte[] bytes, int count, byte[] beginning) {
    return count >= beginning.length
        && Arrays.equals(bytes, 0, beginning.length, beginning, 0, beginning.length);
  }

  /** The id of a symbol, or -1 if it has none. */
  private static int tokenOf(int symbol) {
    if (symbol >= 'a' && symbol <= 'z') {
      return symbol - 'a';
    }
    return symbol == ' ' ? SPACE : -1;
  }

  private static DataException unknownSymbol(String name, int symbol, long position) {
    return new DataException(
        "%s holds the symbol %s at position %d; it may hold only a to z and single spaces: make it lower case and replace everything else by spaces"
            .formatted(name, spelled(symbol), position));
  }

  private static String spelled(int symbol) {
    return symbol > ' ' && symbol < 127 ? "'" + (char) symbol + "'" : "0x%02X".formatted(symbol);
  }

  private static char symbolOf(int token) {
    if (token < 0 || token > VOCABULARY.maskId()) {
      throw new IllegalArgumentException(
          "token (" + token + ") must be in 0.." + VOCABULARY.maskId());
    }
    if (token == VOCABULARY.maskId()) {
      return MASK;
    }
    return token == SPACE ? ' ' : (char) ('a' + token);
  }
}
