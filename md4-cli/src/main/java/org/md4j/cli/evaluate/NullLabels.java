package org.md4j.cli.evaluate;

import java.util.Arrays;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A class-conditional denoiser that is told of no class, for inputs without labels.
 *
 * @param denoiser has classes
 * @param nullLabel its label for "no class"
 */
public record NullLabels(Denoiser denoiser, int nullLabel) implements Denoiser {
  @Override
  public INDArray logits(DenoiserInput input) {
    int[] labels = new int[input.tokens().rows()];
    Arrays.fill(labels, nullLabel);
    return denoiser.logits(
        new DenoiserInput(input.rows().withLabels(labels), input.times(), input.positions()));
  }
}
