package org.md4j.sampling;

/**
 * {@code t = (T - step)/T}.
 *
 * <p>Source: the reference code's {@code uniform} grid (google-deepmind/md4, commit b9fbf29).
 */
public record UniformGrid() implements TimeGrid {
  @Override
  public double time(int step, int steps) {
    if (step < 0 || step > steps || steps < 1) {
      throw new IllegalArgumentException(
          "step ("
              + step
              + ") must be in 0.."
              + steps
              + " and the number of steps at least 1, got "
              + steps);
    }
    return (double) (steps - step) / steps;
  }
}
