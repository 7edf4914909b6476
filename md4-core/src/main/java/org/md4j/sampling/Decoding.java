package org.md4j.sampling;

import org.md4j.schedule.MaskingSchedule;

/**
 * The settings of how a sampler asks the network and what it draws tokens from: the part that is
 * the same for all samplers.
 *
 * @param schedule the alpha the network was trained with
 * @param toldTime the time a time-conditioned network is told
 * @param filter applied to the logits of a position before its token is drawn; orders of
 *     confidence, entropies and probabilities reported are those of the unfiltered prediction
 */
public record Decoding(MaskingSchedule schedule, ToldTime toldTime, LogitFilter filter) {
  /**
   * Returns a decoding that tells the sampler's own times and leaves logits unchanged: for rows
   * drawn from scratch.
   */
  public static Decoding of(MaskingSchedule schedule) {
    return new Decoding(schedule, ToldTime.OF_STEP, LogitFilter.none());
  }

  /**
   * Returns a decoding that tells times of the visible tokens and leaves logits unchanged: for rows
   * with given tokens.
   */
  public static Decoding forInfilling(MaskingSchedule schedule) {
    return of(schedule).withToldTime(ToldTime.OF_VISIBLE_TOKENS);
  }

  /** Returns the same decoding, telling another time. */
  public Decoding withToldTime(ToldTime toldTime) {
    return new Decoding(schedule, toldTime, filter);
  }

  /** Returns the same decoding with another filter in place of the present one. */
  public Decoding withFilter(LogitFilter filter) {
    return new Decoding(schedule, toldTime, filter);
  }

  /**
   * Returns the time told about a row.
   *
   * @param stepTime the sampler's own time, in [0, 1]
   * @param visible tokens of the row that are no masks
   * @param length N
   */
  double told(double stepTime, int visible, int length) {
    return toldTime.of(schedule, stepTime, visible, length);
  }
}
