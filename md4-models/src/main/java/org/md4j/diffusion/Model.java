package org.md4j.diffusion;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;
import org.md4j.model.TimeConditioning;
import org.md4j.model.text.Attention;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.HybridElbo;
import org.md4j.objective.MaskSamples;
import org.md4j.objective.Objective;
import org.md4j.objective.ScoreEntropyElbo;
import org.md4j.objective.StateDependentElbo;
import org.md4j.objective.TrainingNoise;
import org.md4j.objective.TrainingWeight;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.train.TrainerConfig;

/** Names the models a network can be trained as: each has its objective. */
public enum Model {
  /** Masked diffusion with one schedule for all token values (arXiv 2406.04329v4). */
  MD4 {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return new ContinuousTimeElbo(MaskingSchedule.reference());
    }
  },

  /**
   * Masked diffusion in a thousand steps: the bound that {@link #D3PM} adds cross-entropy to, by
   * itself.
   */
  MD4_DISCRETE {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return HybridElbo.reference().bound();
    }

    @Override
    public TrainerConfig trainer(TrainerConfig config) {
      return inTimes(config);
    }
  },

  /** Masked diffusion with a learned schedule for each token value (arXiv 2406.04329v4). */
  GENMD4 {
    @Override
    public StateDependentElbo objective(Vocabulary vocabulary) {
      return StateDependentElbo.of(LearnedPolynomialSchedule.perToken(vocabulary));
    }

    @Override
    public Objective objective(Vocabulary vocabulary, @Nullable MaskSamples maskSamples) {
      StateDependentElbo objective = objective(vocabulary);
      return maskSamples == null ? objective : objective.withMaskSamples(maskSamples);
    }

    @Override
    public TrainerConfig trainer(TrainerConfig config) {
      return ofTheBound(config);
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

    @Override
    public TrainerConfig trainer(TrainerConfig config) {
      return ofTheBound(config);
    }
  },

  /** An autoregressive transformer, from left to right. */
  AR {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return new AutoregressiveLikelihood();
    }

    @Override
    public TransformerConfig network(TransformerConfig config) {
      return config.toBuilder()
          .attention(Attention.CAUSAL)
          .conditioning(told -> told.time(TimeConditioning.NONE))
          .build();
    }

    /** The noise does not matter where nothing is masked. */
    @Override
    public TrainerConfig trainer(TrainerConfig config) {
      return config.toBuilder().noise(noise -> TrainingNoise.paper()).build();
    }

    @Override
    public NetworkConfig network(NetworkConfig config) {
      if (config instanceof TransformerConfig transformer) {
        return network(transformer);
      }
      throw new IllegalArgumentException(
          "network (%s) must be a transformer, which can be causal, for model ar"
              .formatted(config.getClass().getSimpleName()));
    }
  };

  /**
   * Returns the model of a name.
   *
   * @param name in lower case and with hyphens, as {@link #toString} gives it
   * @throws IllegalArgumentException if there is none
   */
  public static Model named(String name) {
    return Arrays.stream(values())
        .filter(model -> model.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "model (%s) must be one of %s".formatted(name, Arrays.toString(values()))));
  }

  /** Returns what a network is trained on as this model. */
  public abstract Objective objective(Vocabulary vocabulary);

  /**
   * Returns what a network is trained on as this model, with other masks of a training row than the
   * model's own.
   *
   * @param maskSamples read by {@link #GENMD4} only; null for the model's own
   */
  public Objective objective(Vocabulary vocabulary, @Nullable MaskSamples maskSamples) {
    return objective(vocabulary);
  }

  /** Returns the transformer for this model, of the shape of one for MD4. */
  public TransformerConfig network(TransformerConfig config) {
    return config;
  }

  /**
   * The network for this model, of the shape of one for MD4: causal and without time for {@link
   * #AR}, as it is for all others.
   *
   * @throws IllegalArgumentException if a network of this kind cannot be trained as this model
   */
  public NetworkConfig network(NetworkConfig config) {
    return config;
  }

  /**
   * Returns the settings of a training for this model, of those for MD4: without laws and weights
   * of noise levels for {@link #AR}; without mask counts for {@link #GENMD4}, {@link #MD4_DISCRETE}
   * and {@link #D3PM}, whose bounds have no form in them; with the bound's weights for {@link
   * #GENMD4} and {@link #D3PM}, whose losses have weights of their own; as they are for all others.
   */
  public TrainerConfig trainer(TrainerConfig config) {
    return config;
  }

  private static TrainerConfig inTimes(TrainerConfig config) {
    return config.toBuilder().noise(noise -> noise.withMaskCounts(false)).build();
  }

  private static TrainerConfig ofTheBound(TrainerConfig config) {
    return inTimes(config).toBuilder()
        .noise(noise -> noise.withWeight(TrainingWeight.bound()))
        .build();
  }

  /** The name in lower case and with hyphens, as reports write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
