package org.md4j.likelihood;

import java.util.List;
import java.util.stream.IntStream;
import org.md4j.core.Denoiser;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.Sequences;
import org.md4j.toy.ToyDenoiser;

/**
 * A model small enough to enumerate.
 *
 * @param name for messages
 */
record SmallModel(String name, Denoiser denoiser, Vocabulary vocabulary, int length) {
  /** With and without time, exact and inexact, of several sizes. */
  static List<SmallModel> all() {
    return List.of(
        timeFree(2, 3),
        timeFree(3, 3),
        timeFree(2, 4),
        toldTime(3, 3),
        toldTime(2, 4),
        exact(3, 3));
  }

  static SmallModel timeFree(int size, int length) {
    Vocabulary vocabulary = new Vocabulary(size);
    return new SmallModel("time-free", new ToyDenoiser(vocabulary), vocabulary, length);
  }

  static SmallModel toldTime(int size, int length) {
    Vocabulary vocabulary = new Vocabulary(size);
    ToyDenoiser denoiser = new ToyDenoiser(vocabulary, t -> 2 * Math.sin(3 * t));
    return new SmallModel("told time", denoiser, vocabulary, length);
  }

  static SmallModel exact(int size, int length) {
    Vocabulary vocabulary = new Vocabulary(size);
    return new SmallModel(
        "exact", ExactDenoiser.random(vocabulary, length, 21), vocabulary, length);
  }

  /** Every row there is, [V^N, N], as {@link Sequences} counts. */
  TokenBatch everyRow() {
    return TokenBatch.of(
        vocabulary,
        IntStream.range(0, Sequences.count(vocabulary.size(), length))
            .mapToObj(i -> Sequences.at(i, vocabulary.size(), length))
            .toArray(int[][]::new));
  }

  @Override
  public String toString() {
    return name + ", V=" + vocabulary.size() + ", N=" + length;
  }
}
