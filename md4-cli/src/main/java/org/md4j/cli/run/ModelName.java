package org.md4j.cli.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.core.Vocabulary;
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
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;

/** What a network is trained as. */
public enum ModelName {
  /** Masked diffusion with one schedule for all symbols. */
  MD4 {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return new ContinuousTimeElbo(MaskingSchedule.reference());
    }
  },

  /** Masked diffusion with a learned schedule for each symbol. */
  GENMD4 {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return StateDependentElbo.of(LearnedPolynomialSchedule.perToken(vocabulary));
    }
  },

  /** Score entropy. */
  SEDD {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return ScoreEntropyElbo.reference();
    }
  },

  /** A thousand steps, and cross-entropy on top of the bound. */
  D3PM {
    @Override
    public Objective objective(Vocabulary vocabulary) {
      return HybridElbo.reference();
    }
  },

  /** From left to right. */
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
  };

  /** What it is trained on, with the model's own masks of a row. */
  public abstract Objective objective(Vocabulary vocabulary);

  /**
   * What it is trained on.
   *
   * @param maskSamples masks of a training row; null for the model's own
   */
  public Objective objective(Vocabulary vocabulary, @Nullable MaskSamples maskSamples) {
    Objective objective = objective(vocabulary);
    return maskSamples != null && objective instanceof StateDependentElbo learned
        ? learned.withMaskSamples(maskSamples)
        : objective;
  }

  /** The network for it, of the shape of one for MD4. */
  public TransformerConfig network(TransformerConfig config) {
    return config;
  }

  /** As it is typed and written. */
  @Override
  @JsonValue
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The model of a name, as {@link #toString} gives it. */
  @JsonCreator
  static ModelName of(String name) {
    return Arrays.stream(values())
        .filter(model -> model.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "model (%s) must be one of %s".formatted(name, Arrays.toString(values()))));
  }
}
