package org.md4j.quality;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The first values of an image, as they are.
 *
 * @param width how many
 */
public record FirstTokens(int width) implements ImageFeatures {
  @Override
  public String name() {
    return "first values";
  }

  @Override
  public INDArray features(int[][] images) {
    float[][] values = new float[images.length][width];
    for (int b = 0; b < images.length; b++) {
      for (int f = 0; f < width; f++) {
        values[b][f] = images[b][f];
      }
    }
    return Nd4j.create(values);
  }

  @Override
  public void close() {}
}
