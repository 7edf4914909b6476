package org.md4j.core;

/**
 * Random numbers as a pure function: {@code f(seed, purpose, step, example, index)}.
 *
 * <p>There is no state to advance, share or save: any number can be had at any time, in any order,
 * on any thread, and a resumed run draws what the unbroken one would have. Results therefore depend
 * on the seed only, not on batch size, thread count or resume point.
 *
 * <p>Each coordinate is folded in turn into a 64-bit key with the finaliser of SplitMix64 (Steele,
 * Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, variant 13 of
 * Stafford's mixers); an entry is the finaliser of the key combined with a mixed index. Uniforms
 * carry 53 bits, the resolution of a double in [0.5, 1): 32-bit noise would distort draws of tokens
 * less likely than about 1e-7 (Zheng et al., arXiv 2409.02908).
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param seed any value
 */
public record CounterRandom(long seed) {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double TWO_POW_MINUS_53 = 0x1.0p-53;

  /** Returns the table of uniform numbers that belongs to one purpose and step. */
  public Uniforms uniforms(Purpose purpose, long step) {
    return new Table(fold(fold(mix(seed + GOLDEN_GAMMA), purpose.key()), step));
  }

  private record Table(long key) implements Uniforms {
    @Override
    public double at(long example, long index) {
      return uniform(fold(key, example), index);
    }

    @Override
    public void fill(long example, long firstIndex, double[] into, int offset, int count) {
      long exampleKey = fold(key, example);
      for (int i = 0; i < count; i++) {
        into[offset + i] = uniform(exampleKey, firstIndex + i);
      }
    }
  }

  private static double uniform(long exampleKey, long index) {
    return (mix(exampleKey ^ mix(index + GOLDEN_GAMMA)) >>> 11) * TWO_POW_MINUS_53;
  }

  /**
   * Combines a key with one more coordinate; for a fixed key no two coordinates give the same
   * result.
   */
  private static long fold(long key, long coordinate) {
    return mix(key + (coordinate + 1) * GOLDEN_GAMMA);
  }

  /**
   * Mixes the bits of a number by a bijection of the 64-bit integers in which every output bit
   * depends on every input bit.
   */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
