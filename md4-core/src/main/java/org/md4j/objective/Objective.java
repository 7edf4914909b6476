package org.md4j.objective;

import java.util.List;
import java.util.Optional;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.Uniforms;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;

/**
 * An unbiased estimator of an upper bound on {@code -ln p(x_0)}, by which a network is judged, and
 * the gradient of a loss, on which it is trained.
 *
 * <p>{@link Elbo} is the family of MD4, {@link StateDependentElbo} is GenMD4; {@link
 * ScoreEntropyElbo} (SEDD), {@link HybridElbo} (D3PM) and {@link AutoregressiveLikelihood} are what
 * they are compared with. All are on one scale: nats of one example (a row of N tokens), and all
 * are upper bounds on the same quantity.
 *
 * <p>Evaluation takes three steps:
 *
 * <pre>{@code
 * double[] levels = AntitheticTimes.sample(clean.count(), random.uniforms(TIME, step));
 * NoisedBatch batch = objective.noise(clean, levels, random.uniforms(MASK, step));
 * List<ElboTerms> terms = objective.estimate(batch, denoiser);
 * }</pre>
 *
 * and training hands {@link TrainingRows} to a {@link TrainingLoss}.
 *
 * <p>An objective of your own is a {@link TokenwiseObjective}; where it differs from one of ours
 * only in what a prediction costs, an {@link ElboVariant} of a dozen lines.
 *
 * <p>Deterministic: all randomness is in the levels and uniforms. Implementations are immutable
 * values, safe for use by many threads.
 */
public sealed interface Objective permits TokenwiseObjective, StateDependentElbo {
  /**
   * Masks tokens the way this estimator wants them.
   *
   * @param clean x_0, [B, N], no masks; its labels and numbers stay with it
   * @param levels the noise level of each row, [B], in [0, 1), each uniform by itself: draw them
   *     with a {@link org.md4j.process.AntitheticTimes}; a greater level means more noise
   * @param uniforms the masks' randomness, read at (example number of row b, n)
   */
  NoisedBatch noise(Rows clean, double[] levels, Uniforms uniforms);

  /**
   * Estimates the bound of each row from one sample. The denoiser is asked once for the whole
   * batch, and not at all if there is nothing to ask.
   *
   * @param batch made by {@link #noise}; if its rows have labels, the bound is that of the rows
   *     given their classes
   * @param denoiser its answer is overwritten
   * @return B estimates, in the order of the rows
   */
  List<ElboTerms> estimate(NoisedBatch batch, Denoiser denoiser);

  /**
   * Begins the loss of one step, with nothing added yet.
   *
   * @param workspace of the thread that will use the loss
   */
  TrainingLoss trainingLoss(LogitWorkspace workspace);

  /**
   * The one masking schedule of all tokens, by which a network trained on this objective is sampled
   * from and told the time; empty, the default, if token values have schedules of their own or
   * nothing is masked.
   */
  default Optional<MaskingSchedule> commonSchedule() {
    return Optional.empty();
  }

  /**
   * The same bound with the number of masks drawn in place of the time; empty, the default, where
   * there is none.
   */
  default Optional<Objective> inMaskCounts() {
    return Optional.empty();
  }

  /**
   * Checks that rows of this objective can be noised and weighed so in training; by default
   * everything can be but mask counts where there is no bound in them.
   *
   * @throws IllegalArgumentException saying what cannot be, and why
   */
  default void requireFits(TrainingNoise noise) {
    if (noise.maskCounts() && inMaskCounts().isEmpty()) {
      throw new IllegalArgumentException(
          "maskCounts (true) must be false for %s, whose bound has no form in numbers of masks"
              .formatted(getClass().getSimpleName()));
    }
  }

  /** The parameters this objective learns with the network; empty, the default, if it has none. */
  default Optional<LearnedObjective> learned() {
    return Optional.empty();
  }
}
