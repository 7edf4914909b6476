package org.md4j.quality;

import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.models.contract.ImageCodeContract;

/** Holds every code of images to the contract. */
class ImageCodesTest {
  private static final int HEIGHT = 3;
  private static final int WIDTH = 4;
  private static final int COLOURS = 3;
  private static final int LENGTH = HEIGHT * WIDTH * COLOURS;
  private static final int IMAGES = 5;

  @Nested
  class Uniform extends ImageCodeContract {
    @Override
    protected UniformCode code() {
      return new UniformCode();
    }

    @Override
    protected int length() {
      return 1; // Kraft's inequality is an equality.
    }
  }

  @Nested
  class Histogram extends ImageCodeContract {
    @Override
    protected HistogramCode code() {
      return HistogramCode.fit(training(), COLOURS, IMAGES);
    }

    @Override
    protected int length() {
      return LENGTH;
    }
  }

  @Nested
  class Context extends ImageCodeContract {
    @Override
    protected ContextCode code() {
      return ContextCode.fit(training(), WIDTH, COLOURS, IMAGES);
    }

    @Override
    protected int length() {
      return LENGTH;
    }
  }

  @Nested
  class PngFile extends ImageCodeContract {
    @Override
    protected PngSize code() {
      return new PngSize(HEIGHT, WIDTH, COLOURS, true);
    }

    @Override
    protected int length() {
      return LENGTH;
    }
  }

  @Nested
  class PngData extends ImageCodeContract {
    @Override
    protected PngSize code() {
      return new PngSize(HEIGHT, WIDTH, 1, false);
    }

    @Override
    protected int length() {
      return HEIGHT * WIDTH;
    }
  }

  private static RowSource training() {
    int[][] images = new int[IMAGES][LENGTH];
    for (int i = 0; i < IMAGES; i++) {
      int number = i;
      Arrays.setAll(images[i], n -> (number * 31 + n * 17) & 0xFF);
    }
    return RowSource.of("images", Rows.of(TokenBatch.of(new Vocabulary(256), images)));
  }
}
