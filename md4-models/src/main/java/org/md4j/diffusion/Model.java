package org.md4j.diffusion;

import java.util.Locale;
import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;
import org.md4j.model.TimeConditioning;
import org.md4j.model.text.Attention;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.HybridElbo;
import org.md4j.objective.Objective;
import org.md4j.objective.ScoreEntropyElbo;
import org.md4j.objective.StateDependentElbo;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;

/** Names the models a network can be trained as: each has its objective. */
public enum Model {
  /** Masked diffusion with one schedule for all token values (arXiv 2406.04329v4). */
  MD4 {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return new ContinuousTimeElbo(MaskingSchedule.reference());
    }
  },

  /** Masked diffusion with a learned schedule for each token value (arXiv 2406.04329v4). */
  GENMD4 {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return StateDependentElbo.of(LearnedPolynomialSchedule.perToken(vocabulary));
    }
  },

  /** Score entropy with the absorbing process (arXiv 2310.16834). */
  SEDD {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return ScoreEntropyElbo.reference();
    }
  },

  /** A thousand steps, and cross-entropy on top of the bound (arXiv 2107.03006). */
  D3PM {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return HybridElbo.reference();
    }
  },

  /** An autoregressive transformer, from left to right. */
  AR {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return new AutoregressiveLikelihood();
    }

    @Override
    public NetworkConfig network(NetworkConfig config) {
      if (config instanceof TransformerConfig transformer) {
        return transformer.toBuilder()
            .attention(Attention.CAUSAL)
            .conditioning(told -> told.time(TimeConditioning.NONE))
            .build();
      }
      throw new IllegalArgumentException(
          "network (%s) must be a transformer, which can be causal, for model ar"
              .formatted(config.getClass().getSimpleName()));
    }
  };

  /** What a network is trained on as this model. */
  public abstract Objective objective(Vocabulary vocabulary);

  /**
   * The network for this model, of the shape of one for MD4: causal and without time for {@link
   * #AR}, as it is for all others.
   *
   * @throws IllegalArgumentException if a network of this kind cannot be trained as this model
   */
  public NetworkConfig network(NetworkConfig config) {
    return config;
  }

  /** The name in lower case, as reports write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
