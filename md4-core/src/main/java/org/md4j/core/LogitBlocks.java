package org.md4j.core;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is done with the logits of a question, some positions after the others: those of all
 * positions together may not fit into memory (1,024 positions of 50,257 values take 206 MB).
 */
@FunctionalInterface
public interface LogitBlocks {
  /**
   * Takes the logits of consecutive positions. Every position is in one block; blocks may come in
   * any order and from several threads, one at a time.
   *
   * @param from the first of them, an index into {@link DenoiserInput#positions()}
   * @param logits [p, V], those of {@code from .. from + p - 1}; may be overwritten, and not kept
   */
  void accept(int from, INDArray logits);
}
