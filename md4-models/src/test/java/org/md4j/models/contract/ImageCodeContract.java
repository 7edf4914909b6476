package org.md4j.models.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.likelihood.SampleMean;
import org.md4j.quality.ImageCode;

/**
 * What every {@link ImageCode} promises. A code of your own is held to it by
 *
 * <pre>
 *   class MyCodeTest extends ImageCodeContract {
 *     &#64;Override
 *     protected ImageCode code() {
 *       return new MyCode();
 *     }
 *
 *     &#64;Override
 *     protected int length() {
 *       return 28 * 28;
 *     }
 *   }
 * </pre>
 */
public abstract class ImageCodeContract {
  /** Of sums of logarithms in double. */
  private static final double ROUNDING = 1e-9;

  private static final int VALUES = 256;
  private static final int IMAGES = 20;

  /** The code under test; may be a new one each call. */
  protected abstract ImageCode code();

  /** N, the tokens of an image it codes. */
  protected abstract int length();

  @Test
  protected final void aCodeHasAName() {
    assertThat(code().name()).isNotBlank();
  }

  @Test
  protected final void everyImageHasAPositiveLength() {
    ImageCode code = code();
    for (int i = 0; i < IMAGES; i++) {
      assertThat(code.bits(image(i))).isPositive().isFinite();
    }
  }

  /** Kraft's inequality, which holds of any part of all images too. */
  @Test
  protected final void noCodeIsShorterThanOneThatCanBeDecoded() {
    ImageCode code = code();
    for (int place : new int[] {0, length() / 2, length() - 1}) {
      int[] tokens = image(1);
      double sum = 0;
      for (int value = 0; value < VALUES; value++) {
        tokens[place] = value;
        sum += Math.pow(2, -code.bits(tokens));
      }
      assertThat(sum).as("images that differ at token %d", place).isLessThan(1 + ROUNDING);
    }
  }

  @Test
  protected final void aLengthDependsOnItsImageAlone() {
    ImageCode code = code();
    double[] inOrder = IntStream.range(0, IMAGES).mapToDouble(i -> code.bits(image(i))).toArray();
    double[] backwards = new double[IMAGES];
    for (int i = IMAGES - 1; i >= 0; i--) {
      backwards[i] = code.bits(image(i));
    }
    double[] atOnce =
        IntStream.range(0, IMAGES).parallel().mapToDouble(i -> code.bits(image(i))).toArray();

    assertThat(backwards).isEqualTo(inOrder);
    assertThat(atOnce).isEqualTo(inOrder);
  }

  @Test
  protected final void tokensAreNotChanged() {
    int[] tokens = image(3);
    code().bits(tokens);

    assertThat(tokens).isEqualTo(image(3));
  }

  @Test
  protected final void bitsPerDimensionAreTheMeanOverTheFirstImages() {
    ImageCode code = code();
    int[][] images = new int[IMAGES][];
    Arrays.setAll(images, ImageCodeContract.this::image);
    RowSource heldOut =
        RowSource.of("images", Rows.of(TokenBatch.of(new Vocabulary(VALUES), images)));

    for (int most : new int[] {1, 7, IMAGES, 2 * IMAGES}) {
      SampleMean mean = code.bitsPerDimension(heldOut, most);
      int count = Math.min(most, IMAGES);
      double expected =
          Arrays.stream(images).limit(count).mapToDouble(code::bits).sum() / count / length();
      assertThat(mean.size()).isEqualTo(count);
      assertThat(mean.mean()).isCloseTo(expected, within(ROUNDING * expected));
    }
    assertThatThrownBy(() -> code.bitsPerDimension(heldOut, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private int[] image(int number) {
    int[] tokens = new int[length()];
    Arrays.setAll(tokens, n -> (37 * number + 5 * n + n * n % 11) & 0xFF);
    return tokens;
  }
}
