package org.md4j.quality;

import java.util.Arrays;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.models.contract.ImageFeaturesContract;

class ClassifierFeaturesTest extends ImageFeaturesContract {
  private static final int SIDE = 8;
  private static final ImageClassifier CLASSIFIER =
      ImageClassifier.train(
          images(), images(), SIDE, SIDE, 1, ClassifierConfig.builder(1).steps(2).batch(8).build());

  @Override
  protected ImageFeatures features() {
    return CLASSIFIER.features();
  }

  @Override
  protected int length() {
    return SIDE * SIDE;
  }

  private static RowSource images() {
    int[][] images = new int[20][SIDE * SIDE];
    for (int i = 0; i < images.length; i++) {
      int number = i;
      Arrays.setAll(images[i], n -> (number * 31 + n * 17) & 0xFF);
    }
    return RowSource.of("images", Rows.of(TokenBatch.of(new Vocabulary(256), images)));
  }
}
