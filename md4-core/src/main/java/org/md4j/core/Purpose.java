package org.md4j.core;

/**
 * The uses of random numbers, each of which has numbers of its own. Numbers for different purposes
 * are independent, so that, say, a change in how data is drawn leaves the masks as they were.
 *
 * <p>The {@link #key} of a purpose is part of every number drawn for it: it must never change, or
 * results of old seeds do.
 */
public enum Purpose {
  /** Draws the initial values of a network's parameters. */
  INITIALISATION(1),
  /** Chooses the training examples a step sees. */
  DATA(2),
  /** Draws the noise level (time) of a training example. */
  TIME(3),
  /** Chooses the tokens of a training example that are masked. */
  MASK(4),
  /** Draws the dropout masks of a network. */
  DROPOUT(5),
  /** Chooses the masked tokens a sampler reveals in a step. */
  UNMASK(6),
  /** Draws the value a revealed token takes. */
  TOKEN(7),
  /** Draws the noise levels of an evaluation, apart from those of training. */
  EVALUATION_TIME(8),
  /** Chooses the masks of an evaluation, apart from those of training. */
  EVALUATION_MASK(9),
  /** Chooses the unmasked tokens a sampler masks again. */
  REMASK(10),
  /** Draws the time at which a sampler without steps reveals its next token. */
  SAMPLING_TIME(11),
  /** Chooses the training examples that lose their class label. */
  LABEL_DROPOUT(12),
  /** Draws the order in which an evaluation goes through the rows of a data set. */
  ROW_ORDER(13),
  /** Draws the noise levels of a likelihood estimate. */
  LIKELIHOOD_LEVEL(14),
  /** Chooses the masks of a likelihood estimate. */
  LIKELIHOOD_MASK(15),
  /** Draws the orders in which the tokens of a row are generated. */
  ORDER(16),
  /** Chooses the documents of a corpus that are validated on. */
  SPLIT(17),
  /** Draws the order in which a pass of training goes through the examples. */
  EPOCH(18);

  private final long key;

  Purpose(long key) {
    this.key = key;
  }

  /** The constant that separates this purpose's numbers from the others'. */
  public long key() {
    return key;
  }
}
