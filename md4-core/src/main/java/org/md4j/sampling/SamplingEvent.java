package org.md4j.sampling;

/** A change of one position while a row is drawn: a token revealed or masked again. */
public sealed interface SamplingEvent permits Reveal, Remask {
  /** The row's number in the caller's count of rows. */
  long example();

  /** The sampler's step, from 1. */
  int step();

  /** The sampler's own time of that step, in [0, 1]. */
  double time();

  /** The position, n in 0..N-1. */
  int position();
}
