package org.md4j.cli.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.md4j.diffusion.Model;

/** The models that are compared, each after training of its own. */
public enum StudyModel {
  /** What the others are compared with. */
  MD4(Model.MD4),

  /** Trained on plain cross-entropy: all noise levels weigh alike. */
  MD4_FLAT(Model.MD4, 1, "--weight=flat:2"),

  /** Trained on more rows with few masks, weighed so that the bound stays unbiased. */
  MD4_POWER(Model.MD4, 1, "--times=power:1"),

  /** Trained on numbers of masks in place of times. */
  MD4_COUNTS(Model.MD4, 1, "--mask-counts"),

  /** Half as many examples, each as two rows with complementary masks. */
  MD4_PAIRS(Model.MD4, 1, "--pairs"),

  /** A thousand steps and their bound alone. */
  MD4_DISCRETE(Model.MD4_DISCRETE),

  /** As many steps as the others, with twice their rows. */
  GENMD4(Model.GENMD4, 1, "--mask-samples=pair"),

  /** As many rows as the others, in half their steps. */
  GENMD4_HALF(Model.GENMD4, 2, "--mask-samples=pair"),

  /** As many steps and rows as the others. */
  GENMD4_SINGLE(Model.GENMD4, 1, "--mask-samples=single"),

  /** Two masks a row and a schedule that stays MD4's. */
  GENMD4_FROZEN(Model.GENMD4, 1, "--mask-samples=pair --schedule-frozen"),

  /** Score entropy. */
  SEDD(Model.SEDD),

  /** A thousand steps, and cross-entropy besides the bound. */
  D3PM(Model.D3PM),

  /** From left to right. */
  AR(Model.AR);

  private final Model model;
  private final int stepsDivisor;
  private final String settings;

  StudyModel(Model model) {
    this(model, 1, "");
  }

  StudyModel(Model model, int stepsDivisor, String settings) {
    this.model = model;
    this.stepsDivisor = stepsDivisor;
    this.settings = settings;
  }

  /** What makes a preset's noise the paper's, but for what this model is about. */
  public List<String> paperNoise() {
    if (model == Model.AR) {
      return List.of();
    }
    Map<String, String> noise = new LinkedHashMap<>();
    noise.put("--times", "--times=uniform");
    noise.put("--weight", "--weight=bound");
    noise.put("--mask-counts", "--no-mask-counts");
    noise.keySet().removeIf(settings::contains);
    return List.copyOf(noise.values());
  }

  /** The study's steps are this many times the model's. */
  public int stepsDivisor() {
    return stepsDivisor;
  }

  /** What {@code train text} is told to train it. */
  public List<String> arguments() {
    return List.of(("--model=" + model + " " + settings).strip().split(" "));
  }

  /** As it is typed, and the start of the names of its run folders. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
