package org.md4j.toy;

import java.util.List;
import org.md4j.core.DenoiserInput;
import org.md4j.core.HostDenoiser;

/** A predictor with classes: each row is answered by the predictor of its label. */
public record LabelledDenoiser(List<HostDenoiser> byLabel) implements HostDenoiser {
  /** Predictors of the labels 0, 1 and so on. */
  public static LabelledDenoiser of(HostDenoiser... byLabel) {
    return new LabelledDenoiser(List.of(byLabel));
  }

  @Override
  public void logits(DenoiserInput input, int row, int position, double[] into) {
    byLabel.get(input.labels()[row]).logits(input, row, position, into);
  }
}
