package org.md4j.cli.study;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.diffusion.Model;
import org.md4j.objective.MaskSamples;

/** The models that are compared, each after training of its own. */
public enum StudyModel {
  /** What the others are compared with. */
  MD4(Model.MD4),

  /** As many steps as the others, with twice their rows. */
  GENMD4(Model.GENMD4, MaskSamples.PAIR, 1),

  /** As many rows as the others, in half their steps. */
  GENMD4_HALF(Model.GENMD4, MaskSamples.PAIR, 2),

  /** As many steps and rows as the others. */
  GENMD4_SINGLE(Model.GENMD4, MaskSamples.SINGLE, 1),

  /** Score entropy. */
  SEDD(Model.SEDD),

  /** A thousand steps, and cross-entropy besides the bound. */
  D3PM(Model.D3PM),

  /** From left to right. */
  AR(Model.AR);

  private final Model model;
  private final @Nullable MaskSamples maskSamples;
  private final int stepsDivisor;

  StudyModel(Model model) {
    this(model, null, 1);
  }

  StudyModel(Model model, @Nullable MaskSamples maskSamples, int stepsDivisor) {
    this.model = model;
    this.maskSamples = maskSamples;
    this.stepsDivisor = stepsDivisor;
  }

  /** What the network is trained as. */
  public Model model() {
    return model;
  }

  /** Masks of a training row, or null where the model leaves no choice. */
  public @Nullable MaskSamples maskSamples() {
    return maskSamples;
  }

  /** The study's steps are this many times the model's. */
  public int stepsDivisor() {
    return stepsDivisor;
  }

  /** As it is typed, and the name of its run folder. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
