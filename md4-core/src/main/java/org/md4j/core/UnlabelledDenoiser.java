package org.md4j.core;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Asks a class-conditional denoiser without naming a class: every row is given the null label,
 * whatever labels it has.
 *
 * <p>The result is the inner denoiser's, with its number type and its rules of ownership and
 * threads.
 *
 * @param denoiser has classes
 * @param nullLabel its label for "no class", at least 0; the number of classes for our networks
 */
public record UnlabelledDenoiser(Denoiser denoiser, int nullLabel) implements Denoiser {
  @Override
  public INDArray logits(DenoiserInput input) {
    return denoiser.logits(unlabelled(input));
  }

  @Override
  public void readLogits(DenoiserInput input, LogitBlocks blocks) {
    denoiser.readLogits(unlabelled(input), blocks);
  }

  private DenoiserInput unlabelled(DenoiserInput input) {
    int[] labels = new int[input.tokens().rows()];
    Arrays.fill(labels, nullLabel);
    return new DenoiserInput(input.rows().withLabels(labels), input.times(), input.positions());
  }
}
