package org.md4j.diffusion;

import org.jspecify.annotations.Nullable;
import org.md4j.sampling.LogitFilter;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.SamplingListener;
import org.md4j.sampling.TimeGrid;

/**
 * Says how to draw from a model. What is not said has a default.
 *
 * <p>For the same model, settings and number of rows the rows drawn are the same, whatever {@code
 * rowsTogether}.
 *
 * @param grid times of the sampler's steps, by default {@code TimeGrid.cosine(256)}; not read by
 *     models that draw from left to right
 * @param filter applied to logits before a token is drawn, by default none
 * @param sampler one of the caller's choice, with its own grid and filter, instead of the one that
 *     fits the model; null, the default, for that one
 * @param seed of all draws, by default 0
 * @param label the class of every row, for a network with classes; null, the default, for every
 *     class in turn
 * @param guidance how far to follow the class beyond what the network does by itself ({@link
 *     org.md4j.core.GuidedDenoiser}), at least 0; 0, the default, is the network itself
 * @param rowsTogether rows drawn at once, at most, by default 16: more take more memory
 * @param listener told of every token as it is revealed, by default nobody
 */
public record SamplingSettings(
    TimeGrid grid,
    LogitFilter filter,
    @Nullable ReverseSampler sampler,
    long seed,
    @Nullable Integer label,
    double guidance,
    int rowsTogether,
    SamplingListener listener) {
  private static final int STEPS = 256;
  private static final int TOGETHER = 16;

  /** Rejects a guidance, a label or a number of rows out of range. */
  public SamplingSettings {
    if (label != null && label < 0) {
      throw new IllegalArgumentException("label (" + label + ") must be at least 0");
    }
    if (!(guidance >= 0 && guidance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "guidance (" + guidance + ") must be at least 0 and finite");
    }
    if (rowsTogether < 1) {
      throw new IllegalArgumentException("rowsTogether (" + rowsTogether + ") must be at least 1");
    }
  }

  /** Returns settings with every default. */
  public static SamplingSettings standard() {
    return builder().build();
  }

  /** Returns a builder that starts with every default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that starts with these settings. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.grid = grid;
    builder.filter = filter;
    builder.sampler = sampler;
    builder.seed = seed;
    builder.label = label;
    builder.guidance = guidance;
    builder.rowsTogether = rowsTogether;
    builder.listener = listener;
    return builder;
  }

  /** Collects settings by their names. */
  public static final class Builder {
    private TimeGrid grid = TimeGrid.cosine(STEPS);
    private LogitFilter filter = LogitFilter.none();
    private @Nullable ReverseSampler sampler;
    private long seed;
    private @Nullable Integer label;
    private double guidance;
    private int rowsTogether = TOGETHER;
    private SamplingListener listener = SamplingListener.none();

    private Builder() {}

    /** Sets a cosine grid of that many steps, at least 1. */
    public Builder steps(int steps) {
      return grid(TimeGrid.cosine(steps));
    }

    /** Sets the times of the sampler's steps. */
    public Builder grid(TimeGrid grid) {
      this.grid = grid;
      return this;
    }

    /** Sets what is applied to logits before a token is drawn. */
    public Builder filter(LogitFilter filter) {
      this.filter = filter;
      return this;
    }

    /** Sets a sampler of the caller's choice, which brings its own grid and filter. */
    public Builder sampler(ReverseSampler sampler) {
      this.sampler = sampler;
      return this;
    }

    /** Sets the seed of all draws. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Sets the class of every row. */
    public Builder label(int label) {
      this.label = label;
      return this;
    }

    /** Sets how far to follow the class. */
    public Builder guidance(double guidance) {
      this.guidance = guidance;
      return this;
    }

    /** Sets how many rows are drawn at once, at most. */
    public Builder rowsTogether(int rowsTogether) {
      this.rowsTogether = rowsTogether;
      return this;
    }

    /** Sets who is told of every token. */
    public Builder listener(SamplingListener listener) {
      this.listener = listener;
      return this;
    }

    /**
     * Returns the settings.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public SamplingSettings build() {
      return new SamplingSettings(
          grid, filter, sampler, seed, label, guidance, rowsTogether, listener);
    }
  }
}
