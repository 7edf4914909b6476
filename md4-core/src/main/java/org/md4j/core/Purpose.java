package org.md4j.core;

/**
 * What a random number is for. Numbers for different purposes are independent, so that, say, a
 * change in how data is drawn leaves the masks as they were.
 *
 * <p>The {@link #key} of a purpose is part of every number drawn for it: it must never change, or
 * results of old seeds do.
 */
public enum Purpose {
  /** Initial values of a network's parameters. */
  INITIALISATION(1),
  /** Which training examples a step sees. */
  DATA(2),
  /** The noise level (time) of an example. */
  TIME(3),
  /** Which tokens of an example are masked. */
  MASK(4),
  /** Dropout masks of a network. */
  DROPOUT(5),
  /** Which masked tokens a sampler reveals in a step. */
  UNMASK(6),
  /** Which value a revealed token takes. */
  TOKEN(7),
  /** Noise levels of an evaluation, apart from those of training. */
  EVALUATION_TIME(8),
  /** Masks of an evaluation, apart from those of training. */
  EVALUATION_MASK(9),
  /** Which unmasked tokens a sampler masks again. */
  REMASK(10),
  /** When a sampler without steps reveals its next token. */
  SAMPLING_TIME(11),
  /** Which training examples lose their class label. */
  LABEL_DROPOUT(12),
  /** The order in which an evaluation goes through the rows of a data set. */
  ROW_ORDER(13),
  /** Noise levels of a likelihood estimate. */
  LIKELIHOOD_LEVEL(14),
  /** Masks of a likelihood estimate. */
  LIKELIHOOD_MASK(15),
  /** Orders in which the tokens of a row are generated. */
  ORDER(16);

  private final long key;

  Purpose(long key) {
    this.key = key;
  }

  /** The constant that separates this purpose's numbers from the others'. */
  public long key() {
    return key;
  }
}
