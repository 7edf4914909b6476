package org.md4j.sampling;

/**
 * {@code t = (T - step)/T}.
 *
 * <p>Source: the reference code's {@code uniform} grid (google-deepmind/md4, commit b9fbf29).
 *
 * @param steps T
 */
public record UniformGrid(int steps) implements TimeGrid {
  /** Rejects a grid without steps. */
  public UniformGrid {
    if (steps < 1) {
      throw new IllegalArgumentException("steps (" + steps + ") must be at least 1");
    }
  }

  @Override
  public double time(int step) {
    if (step < 0 || step > steps) {
      throw new IllegalArgumentException("step (" + step + ") must be in 0.." + steps);
    }
    return (double) (steps - step) / steps;
  }
}
