package org.md4j.models.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.md4j.quality.ImageFeatures;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What every {@link ImageFeatures} promises. Features of your own are held to it by
 *
 * <pre>
 *   class MyFeaturesTest extends ImageFeaturesContract {
 *     &#64;Override
 *     protected ImageFeatures features() {
 *       return new MyFeatures();
 *     }
 *
 *     &#64;Override
 *     protected int length() {
 *       return 28 * 28;
 *     }
 *   }
 * </pre>
 */
public abstract class ImageFeaturesContract {
  /** Products of matrices add up in another order for another number of rows. */
  private static final float RELATIVE_ROUNDING = 1e-4f;

  /** More than a function is likely to take at a time. */
  private static final int MANY = 70;

  /** The features under test; a new one each call, closed here. */
  protected abstract ImageFeatures features();

  /** N, the tokens of an image they take. */
  protected abstract int length();

  @Test
  protected final void theSameFeaturesHaveTheSameName() {
    try (ImageFeatures one = features();
        ImageFeatures other = features()) {
      assertThat(one.name()).isNotBlank().isEqualTo(other.name());
      assertThat(one.width()).isPositive().isEqualTo(other.width());
    }
  }

  @Test
  protected final void vectorsAreFloatsRowByRow() {
    try (ImageFeatures features = features()) {
      INDArray vectors = features.features(images(3));

      assertThat(vectors.dataType()).isEqualTo(DataType.FLOAT);
      assertThat(vectors.shape()).containsExactly(3, features.width());
      assertThat(vectors.ordering()).isEqualTo('c');
      for (float value : vectors.dup().data().asFloat()) {
        assertThat(value).isFinite();
      }
    }
  }

  @Test
  protected final void aVectorDependsOnItsImageAlone() {
    int[][] images = images(MANY);
    int[][] reversed = new int[MANY][];
    Arrays.setAll(reversed, i -> images[MANY - 1 - i]);
    try (ImageFeatures features = features()) {
      float[][] together = features.features(images).toFloatMatrix();
      float[][] backwards = features.features(reversed).toFloatMatrix();
      for (int i = 0; i < MANY; i++) {
        assertClose(backwards[MANY - 1 - i], together[i]);
      }
      assertClose(
          features.features(new int[][] {images[MANY - 1]}).toFloatMatrix()[0], together[MANY - 1]);
    }
  }

  @Test
  protected final void vectorsAreTheCallers() {
    int[][] images = images(3);
    try (ImageFeatures features = features()) {
      INDArray vectors = features.features(images);
      float[][] before = vectors.toFloatMatrix();
      INDArray again = features.features(images(2));
      assertThat(vectors.toFloatMatrix()).isDeepEqualTo(before);

      again.assign(0);
      vectors.assign(0);
      assertThat(features.features(images).toFloatMatrix()).isDeepEqualTo(before);
    }
  }

  @Test
  protected final void imagesAreNotChanged() {
    int[][] images = images(3);
    try (ImageFeatures features = features()) {
      features.features(images);
    }

    assertThat(images).isDeepEqualTo(images(3));
  }

  @Test
  protected final void imagesOfAnotherLengthAreRefused() {
    try (ImageFeatures features = features()) {
      assertThatThrownBy(() -> features.features(new int[][] {new int[length() + 1]}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("images must have");
    }
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int f = 0; f < expected.length; f++) {
      assertThat(actual[f])
          .as("feature %d", f)
          .isCloseTo(expected[f], within(RELATIVE_ROUNDING * (1 + Math.abs(expected[f]))));
    }
  }

  private int[][] images(int count) {
    int[][] images = new int[count][length()];
    for (int i = 0; i < count; i++) {
      for (int n = 0; n < length(); n++) {
        images[i][n] = (37 * i + 11 * n + n * n % 7) & 0xFF;
      }
    }
    return images;
  }
}
