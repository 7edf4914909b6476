package org.md4j.model.text;

/**
 * The variance that feed-forward weights start with (reference code b9fbf29: {@code
 * depth_scaled_init}).
 */
public enum FeedForwardInitialiser {
  /** Variance 2 / (layers * fanIn), as in all text runs of the reference. */
  DEPTH_SCALED,

  /** Variance 1 / fanIn, whatever the number of layers. */
  FAN_IN
}
