package org.md4j.data.text;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.data.Tokenizer;

/**
 * The byte-pair encoding of GPT-2: 50,256 strings of bytes and the end of text, {@code
 * <|endoftext|>}, which is 50256. All text has ids; a common word with the space before it is one.
 *
 * <p>The end of text is no part of what {@link #encode(String)} gives: {@code <|endoftext|>} in a
 * text is thirteen characters like others. Decoding writes it so, and the replacement character
 * U+FFFD for bytes that are no UTF-8, as an untrained network draws them.
 *
 * <p>Source: Radford et al., "Language models are unsupervised multitask learners" (2019); encoded
 * by jtokkit, whose {@code r50k_base} has the vocabulary.
 *
 * @param blank how a mask is written, not empty; a template cannot hold it as text
 */
public record Gpt2Tokenizer(String blank) implements Tokenizer {
  private static final int END_OF_TEXT = 50_256;
  private static final byte[] END_OF_TEXT_BYTES = "<|endoftext|>".getBytes(US_ASCII);
  private static final Vocabulary VOCABULARY = new Vocabulary(END_OF_TEXT + 1);

  /** The hash is that of OpenAI's file r50k_base.tiktoken, as tiktoken itself demands it. */
  private static final TokenizerIdentity IDENTITY =
      new TokenizerIdentity(
          "gpt2", "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930");

  /** Loads the vocabulary when it is first needed. */
  private static final class Loaded {
    static final Encoding ENCODING =
        Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
  }

  /** Checks the blank. */
  public Gpt2Tokenizer {
    if (blank.isEmpty()) {
      throw new IllegalArgumentException("blank must have at least one character, got none");
    }
  }

  /** Writes a mask as {@code _}; for text with underscores to fill in, choose another. */
  public Gpt2Tokenizer() {
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

  @Override
  public boolean joinsSpaces() {
    return true;
  }

  @Override
  public OptionalInt endOfText() {
    return OptionalInt.of(END_OF_TEXT);
  }

  /**
   * Encodes a text.
   *
   * @throws org.md4j.data.DataException if half a surrogate pair stands alone, which UTF-8 cannot
   *     write
   */
  @Override
  public int[] encode(String text) {
    Surrogates.requireWhole(text);
    return Loaded.ENCODING.encodeOrdinary(text).toArray();
  }

  /** Encodes piece by piece, so that a text of any size passes through little memory. */
  @Override
  public void encode(String name, InputStream text, IntConsumer tokens) throws IOException {
    TextPieces pieces = new TextPieces(new StrictReader(name, text));
    for (@Nullable String piece = pieces.next(); piece != null; piece = pieces.next()) {
      for (int token : encode(piece)) {
        tokens.accept(token);
      }
    }
  }

  @Override
  public String decode(int[] tokens) {
    DecodedText text = new DecodedText(blank);
    IntArrayList one = new IntArrayList(1);
    for (int token : tokens) {
      if (token < 0 || token > VOCABULARY.maskId()) {
        throw new IllegalArgumentException(
            "token (" + token + ") must be in 0.." + VOCABULARY.maskId());
      }
      if (token == VOCABULARY.maskId()) {
        text.addBlank();
      } else if (token == END_OF_TEXT) {
        text.add(END_OF_TEXT_BYTES);
      } else {
        one.clear();
        one.add(token);
        text.add(Loaded.ENCODING.decodeBytes(one));
      }
    }
    return text.toString();
  }
}
