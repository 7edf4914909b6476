package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.InflaterInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Vocabulary;
import org.md4j.likelihood.SampleMean;

class ImageCodeTest {
  private static final double ROUNDING = 1e-12;

  @Test
  void uniformIsEightBits() {
    SampleMean mean = new UniformCode().bitsPerDimension(new Slopes(5, 1, 0), 100);

    assertThat(mean.mean()).isEqualTo(8);
    assertThat(mean.standardError()).isEqualTo(0);
    assertThat(mean.size()).isEqualTo(5);
  }

  @Test
  void histogramCountsEachColourAndAddsOne() {
    HistogramCode code = HistogramCode.fit(new Constant(), 2, 10);

    // One image of four pixels (7, 9): 5 of 260 counts are the value's, 1 any other's.
    assertThat(code.bits(new int[] {7, 9})).isCloseTo(2 * log2(260.0 / 5), within(ROUNDING));
    assertThat(code.bits(new int[] {9, 7})).isCloseTo(2 * log2(260), within(ROUNDING));
  }

  @Test
  void contextModelBeatsTheHistogramOnSmoothImagesAndIsNoBetterThanNoise() {
    Slopes smooth = new Slopes(60, 4, 0);
    SampleMean context =
        ContextCode.fit(smooth, 8, 3, 60).bitsPerDimension(new Slopes(20, 4, 1), 20);
    SampleMean histogram =
        HistogramCode.fit(smooth, 3, 60).bitsPerDimension(new Slopes(20, 4, 1), 20);

    // Noise of four values: 2 bits, and what the slopes cost.
    assertThat(context.mean()).isBetween(2.0, 4.0);
    assertThat(histogram.mean()).isGreaterThan(context.mean() + 2);

    Slopes noise = new Slopes(300, 256, 0);
    SampleMean onNoise =
        ContextCode.fit(noise, 8, 3, 300).bitsPerDimension(new Slopes(50, 256, 1), 50);
    assertThat(onNoise.mean()).isGreaterThan(8);
  }

  /** Kraft's equality, over all images of two values. */
  @Test
  void probabilitiesOfAllImagesAddUpToOne() {
    RowSource training = new Constant();
    for (ImageCode code :
        List.of(HistogramCode.fit(training, 1, 1), ContextCode.fit(training, 1, 1, 1))) {
      double sum = 0;
      for (int i = 0; i < 256 * 256; i++) {
        sum += Math.pow(2, -code.bits(new int[] {i / 256, i % 256}));
      }
      assertThat(sum).as(code.name()).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void contextModelIsWhatItsDescriptionSays() {
    Slopes training = new Slopes(3, 40, 0);
    ContextCode code = ContextCode.fit(training, 8, 3, 3);
    int[][] images = new int[4][192];
    for (int i = 0; i < 3; i++) {
      training.row(i, images[i]);
    }
    new Slopes(1, 90, 1).row(0, images[3]);

    PlainContextCode plain = new PlainContextCode();
    double bits = 0;
    for (int[] image : images) {
      bits = plain.code(image, 8, 3);
    }
    assertThat(code.bits(images[3])).isCloseTo(bits, within(1e-9));
  }

  @Test
  void contextModelForgetsWhatItSawInAnotherHeldOutImage() {
    ContextCode code = ContextCode.fit(new Slopes(10, 4, 0), 8, 3, 10);
    int[] tokens = new int[192];
    new Slopes(10, 4, 1).row(0, tokens);

    assertThat(code.bits(tokens)).isEqualTo(code.bits(tokens));
  }

  @Test
  void pngIsTheSizeOfTheFileAndOfItsData() {
    int[] black = new int[192];
    double whole = new PngSize(8, 8, 3, true).bits(black);
    double data = new PngSize(8, 8, 3, false).bits(black);

    // Signature 8, IHDR 25, IEND 12, and the frame of one IDAT 12.
    assertThat(whole - data).isEqualTo(8 * (8 + 25 + 12 + 12));
    assertThat(data).isLessThan(8 * 40);
    assertThat(new PngSize(8, 8, 1, true).bits(new int[64])).isLessThanOrEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void pngIsAFileThatHoldsTheImage(int colours) throws IOException {
    int[] tokens = new int[31 * 37 * colours];
    Random random = new Random(3);
    Set<Byte> filters = new HashSet<>();
    for (int slope = 0; slope < 40; slope++) {
      for (int i = 0; i < tokens.length; i++) {
        int y = i / (37 * colours);
        int x = i / colours % 37;
        tokens[i] = (slope % 5 * 17 * x + slope % 7 * 23 * y + random.nextInt(1 + slope)) & 0xFF;
      }
      byte[] file = new PngSize(31, 37, colours, true).file(tokens);

      BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));

      assertThat(image.getRaster().getPixels(0, 0, 37, 31, (int[]) null)).isEqualTo(tokens);
      byte[] lines =
          new InflaterInputStream(new ByteArrayInputStream(file, 41, file.length)).readAllBytes();
      for (int y = 0; y < 31; y++) {
        filters.add(lines[y * (1 + 37 * colours)]);
      }
    }
    assertThat(filters).containsExactlyInAnyOrder((byte) 0, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
  }

  @Test
  void filtersMakeASlopeCheap() {
    int[] slope = new int[64 * 64];
    for (int i = 0; i < slope.length; i++) {
      slope[i] = (3 * (i % 64) + 5 * (i / 64)) & 0xFF;
    }

    assertThat(new PngSize(64, 64, 1, false).bits(slope)).isLessThan(8 * 200);
  }

  @Test
  void rejectsRowsOfAnotherLength() {
    assertThatThrownBy(() -> new PngSize(8, 8, 3, true).bits(new int[64]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokens must have shape [N] = [8 * 8 * 3], got [64]");
    assertThatThrownBy(() -> ContextCode.fit(new Constant(), 3, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width (3) times colours (1) must divide N = 8");
  }

  /** {@link ContextCode}, written without its shortcuts. */
  private static final class PlainContextCode {
    private static final int[] ACTIVITY = {0, 2, 5, 9, 14, 21, 30, 42, 60, 90, 140, 220};

    private final Map<List<Integer>, Integer> seen = new HashMap<>();
    private int[] tokens = {};
    private int width;
    private int colours;

    double code(int[] image, int itsWidth, int itsColours) {
      tokens = image;
      width = itsWidth;
      colours = itsColours;
      double bits = 0;
      for (int n = 0; n < image.length; n++) {
        int k = n % colours;
        int x = n / colours % width;
        int y = n / colours / width;
        int missed = k == 0 ? 0 : at(y, x, k - 1) - median(y, x, k - 1);
        int guess = Math.max(0, Math.min(255, median(y, x, k) + missed));
        int activity =
            Math.abs(left(y, x, k) - corner(y, x, k))
                + Math.abs(above(y, x, k) - corner(y, x, k))
                + Math.abs(missed);
        int level = (int) Arrays.stream(ACTIVITY).filter(end -> end < activity).count();
        List<Integer> context = List.of(k, level);
        List<Integer> event = List.of(k, level, (at(y, x, k) - guess) & 255);
        bits -= log2((1.0 + 24 * count(event)) / (256 + 24 * count(context)));
        seen.merge(event, 1, Integer::sum);
        seen.merge(context, 1, Integer::sum);
      }
      return bits;
    }

    private int count(List<Integer> key) {
      return seen.getOrDefault(key, 0);
    }

    private int median(int y, int x, int k) {
      int left = left(y, x, k);
      int above = above(y, x, k);
      int[] candidates = {left, above, left + above - corner(y, x, k)};
      Arrays.sort(candidates);
      return candidates[1];
    }

    private int at(int y, int x, int k) {
      return tokens[(y * width + x) * colours + k];
    }

    private int left(int y, int x, int k) {
      return x > 0 ? at(y, x - 1, k) : above(y, x, k);
    }

    private int above(int y, int x, int k) {
      if (y > 0) {
        return at(y - 1, x, k);
      }
      return x > 0 ? at(y, x - 1, k) : 0;
    }

    private int corner(int y, int x, int k) {
      return x > 0 && y > 0 ? at(y - 1, x - 1, k) : above(y, x, k);
    }
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }

  /** One image of four pixels, each (7, 9). */
  private record Constant() implements RowSource {
    @Override
    public Vocabulary vocabulary() {
      return new Vocabulary(256);
    }

    @Override
    public int length() {
      return 8;
    }

    @Override
    public long size() {
      return 1;
    }

    @Override
    public void row(long index, int[] into) {
      for (int n = 0; n < 8; n++) {
        into[n] = 7 + 2 * (n % 2);
      }
    }

    @Override
    public String name() {
      return "constant";
    }

    @Override
    public String sha256() {
      return "00";
    }
  }

  /** 8x8x3 images: a slope from a drawn brightness, plus noise of so many values. */
  private record Slopes(long size, int noise, long seed) implements RowSource {
    @Override
    public Vocabulary vocabulary() {
      return new Vocabulary(256);
    }

    @Override
    public int length() {
      return 192;
    }

    @Override
    public void row(long index, int[] into) {
      double start = 100 * new CounterRandom(seed).uniforms(Purpose.DATA, 1).at(index, 0);
      for (int n = 0; n < into.length; n++) {
        double drawn = new CounterRandom(seed).uniforms(Purpose.DATA, 0).at(index, n);
        int clean = noise == 256 ? 0 : (int) start + 8 * (n / 24) + 4 * (n / 3 % 8);
        into[n] = clean + (int) (noise * drawn);
      }
    }

    @Override
    public String name() {
      return "slopes";
    }

    @Override
    public String sha256() {
      return "00";
    }
  }
}
