package org.md4j.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;

/**
 * Turns text into token ids and back. Reading text, templates and checkpoints take any.
 *
 * <p>Contract, published as {@code org.md4j.models.contract.TokenizerContract} in the {@code
 * contracts} jar of md4-models: text that can be encoded comes back from decoding as it was; no
 * encoding holds a mask; an error names symbol and position. Safe for use by many threads.
 */
public interface Tokenizer {
  /** The ids that {@link #encode(String)} gives, and the mask. */
  Vocabulary vocabulary();

  /**
   * The identity that tells this tokenizer from every other: a checkpoint keeps it, and refuses
   * data whose tokens were made by another. {@link Sha256#of(String)} hashes symbols and rules
   * written as text.
   */
  TokenizerIdentity identity();

  /**
   * Encodes a text.
   *
   * @return ids in {@code [0, V)}
   * @throws DataException naming the symbol and its position if the text holds one that has no id
   */
  int[] encode(String text);

  /**
   * Decodes ids; a mask, id V, is written as {@link #blank} says.
   *
   * @throws IllegalArgumentException if an id is outside {@code 0 .. V}
   */
  String decode(int[] tokens);

  /** The text that stands for a mask, and for a blank in a template; {@code _} by default. */
  default String blank() {
    return "_";
  }

  /**
   * Whether a token may hold the space before it, as those of byte pairs do: then a blank in a
   * template takes the space written before it. False by default.
   */
  default boolean joinsSpaces() {
    return false;
  }

  /**
   * The token that ends a document where documents are joined, such as GPT-2's {@code
   * <|endoftext|>}; empty, the default, if the vocabulary has none.
   */
  default OptionalInt endOfText() {
    return OptionalInt.empty();
  }

  /**
   * Encodes a stream to its end. The default takes it for UTF-8 and holds all of it in memory; a
   * tokenizer that can tell its tokens piece by piece does so here.
   *
   * @param name what errors call the text
   * @param text not closed
   * @param tokens takes the ids in their order
   * @throws IOException if the stream fails
   * @throws DataException naming the symbol and its position if the text holds one that has no id
   */
  default void encode(String name, InputStream text, IntConsumer tokens) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.readAllBytes());
    CharBuffer characters = CharBuffer.allocate(bytes.capacity());
    CoderResult result = UTF_8.newDecoder().decode(bytes, characters, true);
    if (result.isError()) {
      throw new DataException(
          "%s must be UTF-8, got the byte 0x%02X at position %d"
              .formatted(name, bytes.get(bytes.position()), bytes.position()));
    }
    int[] ids;
    try {
      ids = encode(characters.flip().toString());
    } catch (DataException e) {
      throw new DataException(name + ": " + e.getMessage(), e);
    }
    for (int id : ids) {
      tokens.accept(id);
    }
  }
}
