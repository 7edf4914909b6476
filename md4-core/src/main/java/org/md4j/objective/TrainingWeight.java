package org.md4j.objective;

import org.md4j.core.Checks;

/**
 * The weight a row has in training, as a function of the one it has in the bound.
 *
 * <p>Only {@link #bound} trains on the bound. The others are biased: what is minimised is a
 * weighted cross-entropy that bounds nothing, often with less variance. What is reported, in
 * training and in evaluation, is always the bound. For objectives that are weighted sums, {@link
 * TokenwiseObjective}.
 *
 * <p>A weight of your own is best a record. Implementations are immutable values.
 */
public interface TrainingWeight {
  /**
   * The weight of a row in the loss that is differentiated.
   *
   * @param bound weight of the row in the bound, above 0
   * @param progress share of the training that is done, in [0, 1)
   * @return at least 0
   */
  double of(double bound, double progress);

  /** Returns the weight of the bound itself, the paper's. */
  static BoundWeight bound() {
    return new BoundWeight();
  }

  /**
   * Returns one weight for all rows, biased.
   *
   * @param value above 0; 2 is what a linear schedule has on average over masked tokens
   */
  static FlatWeight flat(double value) {
    return new FlatWeight(value);
  }

  /**
   * Returns the bound's weight, but never more than a cap, biased.
   *
   * @param most above 0
   */
  static CappedWeight capped(double most) {
    return new CappedWeight(most);
  }

  /**
   * Returns a weight that starts flat and becomes the bound's, biased until then.
   *
   * @param value weight at the start, above 0
   * @param until share of the training after which the weight is the bound's, in (0, 1]
   */
  static AnnealedWeight annealed(double value, double until) {
    return new AnnealedWeight(value, until);
  }

  /** The weight of the bound itself. */
  record BoundWeight() implements TrainingWeight {
    @Override
    public double of(double bound, double progress) {
      return bound;
    }
  }

  /**
   * One weight for all rows: a plain sum of cross-entropies, as D3PM adds to its bound. Biased.
   *
   * @param value above 0
   */
  record FlatWeight(double value) implements TrainingWeight {
    /** Rejects a value that is not positive. */
    public FlatWeight {
      Checks.positive("value", value);
    }

    @Override
    public double of(double bound, double progress) {
      return value;
    }
  }

  /**
   * The bound's weight where that is below a cap. Biased.
   *
   * @param most above 0
   */
  record CappedWeight(double most) implements TrainingWeight {
    /** Rejects a cap that is not positive. */
    public CappedWeight {
      Checks.positive("most", most);
    }

    @Override
    public double of(double bound, double progress) {
      return Math.min(bound, most);
    }
  }

  /**
   * A weight that goes from flat to the bound's, in a straight line over a share of the training.
   * Biased until then.
   *
   * @param value weight at the start, above 0
   * @param until share of the training after which the weight is the bound's, in (0, 1]
   */
  record AnnealedWeight(double value, double until) implements TrainingWeight {
    /** Checks both ranges. */
    public AnnealedWeight {
      Checks.positive("value", value);
      if (!(until > 0 && until <= 1)) {
        throw new IllegalArgumentException("until (" + until + ") must be in (0, 1]");
      }
    }

    @Override
    public double of(double bound, double progress) {
      double share = Math.min(1, progress / until);
      return share == 1 ? bound : (1 - share) * value + share * bound;
    }
  }
}
