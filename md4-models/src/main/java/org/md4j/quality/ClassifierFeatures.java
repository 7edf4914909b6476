package org.md4j.quality;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The features that an {@link ImageClassifier} maps to classes in the end. */
record ClassifierFeatures(ClassifierNetwork network, String name, int length)
    implements ImageFeatures {
  /** The number of images at a time, whose activations stay in the cache. */
  private static final int GROUP = 32;

  @Override
  public int width() {
    return ClassifierNetwork.FEATURES;
  }

  @Override
  public INDArray features(int[][] images) {
    for (int[] image : images) {
      if (image.length != length) {
        throw new IllegalArgumentException(
            "images must have shape [B][N] = [B][%d], got a row of %d"
                .formatted(length, image.length));
      }
    }
    INDArray all = Nd4j.createUninitialized(DataType.FLOAT, images.length, width());
    for (int from = 0; from < images.length; from += GROUP) {
      int to = Math.min(images.length, from + GROUP);
      all.get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
          .assign(network.features(Arrays.copyOfRange(images, from, to), false));
    }
    return all;
  }

  @Override
  public void close() {}
}
