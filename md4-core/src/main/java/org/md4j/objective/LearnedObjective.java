package org.md4j.objective;

import java.util.List;
import org.md4j.schedule.StateDependentSchedule;

/**
 * An objective that learns a masking schedule together with the network: its parameters, their
 * gradient, and what it remembers from step to step.
 *
 * <p>A trainer reaches it by {@link Objective#learned}, updates {@link #parameters} with an
 * optimiser of their own, and never needs to know which objective it is.
 *
 * <p>Implementations are immutable values, safe for use by many threads.
 */
public interface LearnedObjective {
  /** Returns this as what a network is trained on and judged by. */
  Objective objective();

  /** The schedule as learned so far. */
  StateDependentSchedule schedule();

  /** Copies the raw parameters, unconstrained: what an optimiser updates. */
  double[] parameters();

  /**
   * Returns the same objective with other raw parameters.
   *
   * @param raw as many as {@link #parameters}
   */
  LearnedObjective withParameters(double... raw);

  /**
   * Adds up the gradients of losses in the raw parameters, scaled as their rows were.
   *
   * @param losses made by this objective, added up in this order
   * @return as many numbers as {@link #parameters}
   * @throws IllegalArgumentException if a loss is not of this kind of objective
   */
  double[] gradient(List<? extends TrainingLoss> losses);

  /**
   * Returns the objective of the next step, which remembers what it has to of this one. The
   * parameters stay what they are.
   *
   * @param losses of all rows of the step, part by part
   * @throws IllegalArgumentException if a loss is not of this kind of objective
   */
  LearnedObjective after(List<? extends TrainingLoss> losses);

  /**
   * Says whether training that began with another objective can have come to this one: whether they
   * are equal but for parameters and what is remembered from step to step.
   */
  boolean continues(Objective start);
}
