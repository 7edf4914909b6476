package org.md4j.objective;

import java.util.Optional;
import org.md4j.core.Rows;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;

/**
 * An objective with the masks, weights and constant terms of one of MD4's bounds, which differs
 * from it in what a prediction costs or in what is trained on besides. The shortest way to an
 * objective of your own: a record of its bound, with a {@link #cost}.
 */
public interface ElboVariant extends TokenwiseObjective {
  /** The bound it is a variant of. */
  Elbo bound();

  /** The schedule of the bound. */
  @Override
  default Optional<MaskingSchedule> commonSchedule() {
    return bound().commonSchedule();
  }

  @Override
  default NoisedBatch noise(Rows clean, double[] levels, Uniforms uniforms) {
    return bound().noise(clean, levels, uniforms);
  }

  @Override
  default double[] weights(NoisedBatch batch) {
    return bound().weights(batch);
  }

  @Override
  default double reconstruction(int length, Vocabulary vocabulary) {
    return bound().reconstruction(length, vocabulary);
  }

  @Override
  default double prior(int length, Vocabulary vocabulary) {
    return bound().prior(length, vocabulary);
  }
}
