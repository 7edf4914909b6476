package org.md4j.model;

/**
 * The choice whether a network is told the time t (reference code b9fbf29: {@code time_features}).
 */
public enum TimeConditioning {
  /** The network sees t in [0, 1], of every row. */
  TIME,

  /** The network sees tokens only, and has the same answer at every time. */
  NONE
}
