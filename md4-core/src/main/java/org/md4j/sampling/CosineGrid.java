package org.md4j.sampling;

/**
 * {@code t = cos(pi/2 (1 - u)) = sin(pi/2 u)}, {@code u = (T - step)/T}.
 *
 * <p>Few tokens are revealed in the early steps, when tokens revealed together conflict most. With
 * the linear schedule it visits the values of alpha that the cosine schedule has on the uniform
 * grid.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, equation (6).
 *
 * <p>Deviation: the reference code (google-deepmind/md4, commit b9fbf29) evaluates the cosine,
 * which ends near 0 (below it in single precision); the sine is 0 at the end exactly.
 *
 * @param steps T
 */
public record CosineGrid(int steps) implements TimeGrid {
  /** Rejects a grid without steps. */
  public CosineGrid {
    if (steps < 1) {
      throw new IllegalArgumentException("steps (" + steps + ") must be at least 1");
    }
  }

  @Override
  public double time(int step) {
    return Math.sin(Math.PI / 2 * new UniformGrid(steps).time(step));
  }
}
