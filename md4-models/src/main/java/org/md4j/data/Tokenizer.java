package org.md4j.data;

import org.md4j.core.Vocabulary;

/** Text to token ids and back. */
public interface Tokenizer {
  /** The ids that {@link #encode} gives, and the mask. */
  Vocabulary vocabulary();

  /**
   * The ids of a text.
   *
   * @throws DataException naming the symbol and its position if the text holds one that has no id
   */
  int[] encode(String text);

  /**
   * The text of ids; a mask, id V, is written {@code _}.
   *
   * @throws IllegalArgumentException if an id is outside {@code 0 .. V}
   */
  String decode(int[] tokens);
}
