package org.md4j.model;

import java.util.Objects;

/**
 * The facts a network is told of a row besides its tokens: the time, a class, both or neither.
 *
 * @param time choice whether the network is told t
 * @param classes number K of classes: rows are labelled 0..K-1 and label K is the null label, "no
 *     class"; 0 for a network that is told no labels
 */
public record Conditioning(TimeConditioning time, int classes) {
  /** Rejects fewer classes than none. */
  public Conditioning {
    Objects.requireNonNull(time, "time");
    if (classes < 0) {
      throw new IllegalArgumentException("classes (" + classes + ") must be at least 0");
    }
  }

  /** A builder of the time without classes. */
  public static Builder builder() {
    return new Builder(TimeConditioning.TIME, 0);
  }

  /** A builder that starts from this. */
  public Builder toBuilder() {
    return new Builder(time, classes);
  }

  /** Tells whether the network is told t. */
  public boolean tellsTime() {
    return time == TimeConditioning.TIME;
  }

  /** Tells whether the network is told a time, a class or both. */
  public boolean tellsAnything() {
    return tellsTime() || classes > 0;
  }

  /** Sets what a network is told, by name. */
  public static final class Builder {
    private TimeConditioning time;
    private int classes;

    private Builder(TimeConditioning time, int classes) {
      this.time = time;
      this.classes = classes;
    }

    /** Sets whether the network is told t; by default it is. */
    public Builder time(TimeConditioning time) {
      this.time = time;
      return this;
    }

    /** Sets the number K of classes, at least 0; by default 0, no classes. */
    public Builder classes(int classes) {
      this.classes = classes;
      return this;
    }

    /**
     * Builds the conditioning.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Conditioning build() {
      return new Conditioning(time, classes);
    }
  }
}
