package org.md4j.data;

import java.util.Arrays;
import org.md4j.core.Vocabulary;

/**
 * A numbered set of clean examples, each a row of N tokens; which of them a training step sees is
 * the trainer's draw.
 *
 * <p>An implementation is safe for use by many threads and gives the same example for the same
 * index, always.
 */
public interface ExampleSource {
  /** The vocabulary of the tokens. */
  Vocabulary vocabulary();

  /** N, the length of every row. */
  int length();

  /** The number of examples, at least one. */
  long size();

  /**
   * Writes one example.
   *
   * @param index in {@code [0, size)}
   * @param into [N], overwritten with clean tokens, none of them the mask
   */
  void example(long index, int[] into);

  /**
   * K, the number of classes the examples are labelled with; 0, the default, if they have no
   * labels.
   */
  default int classes() {
    return 0;
  }

  /**
   * The class of one example; asked only of labelled ones.
   *
   * @param index in {@code [0, size)}
   * @return in {@code [0, K)}
   */
  default int label(long index) {
    throw new IllegalStateException(
        "label of example " + index + " must not be asked for: " + name() + " has no classes");
  }

  /**
   * The classes of some examples.
   *
   * @param indices numbers of examples, [B], each in {@code [0, size)}
   * @return [B], or none, [0], if the examples have no classes
   */
  default int[] labels(long[] indices) {
    return classes() == 0 ? new int[0] : Arrays.stream(indices).mapToInt(this::label).toArray();
  }

  /**
   * Says which examples will be asked for soon, so that a source that decodes them can begin. A
   * hint: it returns at once, changes no result, and the default ignores it.
   *
   * @param indices in the order they will be asked for; read before this returns
   */
  default void prefetch(long[] indices) {}

  /** What this is called in reports: data, part and how it is cut. */
  String name();

  /** SHA-256 of what is behind the examples, in hex: the identity of the data. */
  String sha256();

  /**
   * Every window of N consecutive tokens, overlapping: {@code size = tokens - N + 1}. What MD4
   * trains on (reference code b9fbf29).
   *
   * @throws DataException if the sequence is shorter than one window
   */
  static ExampleSource windows(TokenSequence tokens, int length) {
    return new SequenceExamples(tokens, length, 1, "windows");
  }

  /**
   * Consecutive chunks of N tokens that do not overlap; a shorter rest is dropped. What MD4 is
   * evaluated on (reference code b9fbf29).
   *
   * @throws DataException if the sequence is shorter than one chunk
   */
  static ExampleSource chunks(TokenSequence tokens, int length) {
    return new SequenceExamples(tokens, length, length, "chunks");
  }
}
