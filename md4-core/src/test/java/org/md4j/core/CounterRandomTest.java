package org.md4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.CHI_SQUARE_LEVEL;
import static org.md4j.Tolerance.SIGMAS;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CounterRandomTest {
  private static final int DRAWS = 100_000;
  private static final CounterRandom RANDOM = new CounterRandom(1);

  /** A sequence of numbers along one coordinate, the others fixed. */
  private interface Sequence {
    double at(int i);
  }

  static Stream<Arguments> sequences() {
    Uniforms mask = RANDOM.uniforms(Purpose.MASK, 0);
    return Stream.of(
        sequence("index", i -> mask.at(0, i)),
        sequence("example", i -> mask.at(i, 0)),
        sequence("step", i -> RANDOM.uniforms(Purpose.MASK, i).at(0, 0)),
        sequence("seed", i -> new CounterRandom(i).uniforms(Purpose.MASK, 0).at(0, 0)),
        sequence("index by strides of 2^32", i -> mask.at(0, (long) i << 32)),
        sequence("diagonal of example and index", i -> mask.at(i, i)));
  }

  /**
   * Computed once from this implementation and checked by an independent one in Python: old seeds
   * must go on meaning what they meant.
   */
  @ParameterizedTest
  @CsvSource({
    "0, INITIALISATION, 0, 0, 0, 0.23506217821189757",
    "0, TIME, 0, 0, 0, 0.3322692378728762",
    "0, MASK, 0, 0, 1, 0.24826202776312867",
    "0, MASK, 0, 1, 0, 0.6164265689752407",
    "0, MASK, 1, 0, 0, 0.31736158050908514",
    "1, MASK, 0, 0, 0, 0.9732822127593324",
    "42, DATA, 12345, 678, 9, 0.8123100696245181",
    "-1, DROPOUT, -1, -1, -1, 0.7745037935906322",
    "9223372036854775807, UNMASK, 1099511627776, 1125899906842624, 255, 0.16067547486435052",
    "-9223372036854775808, TOKEN, 3, 2, 1, 0.9820544157855162",
    "7, EVALUATION_TIME, 0, 16, 0, 0.8985034045134475",
    "7, EVALUATION_MASK, 0, 16, 63, 0.39509465109640307"
  })
  void numbersOfOldSeedsNeverChange(
      long seed, Purpose purpose, long step, long example, long index, double expected) {
    assertThat(new CounterRandom(seed).uniforms(purpose, step).at(example, index))
        .isEqualTo(expected);
  }

  @Test
  void keysOfPurposesNeverChange() {
    assertThat(Arrays.stream(Purpose.values()).map(p -> p + "=" + p.key()))
        .startsWith(
            "INITIALISATION=1",
            "DATA=2",
            "TIME=3",
            "MASK=4",
            "DROPOUT=5",
            "UNMASK=6",
            "TOKEN=7",
            "EVALUATION_TIME=8",
            "EVALUATION_MASK=9")
        .contains("LABEL_DROPOUT=12");
    assertThat(Arrays.stream(Purpose.values()).map(Purpose::key)).doesNotHaveDuplicates();
  }

  @Test
  void anEntryReadTwiceIsTheSame() {
    Uniforms uniforms = RANDOM.uniforms(Purpose.TOKEN, 5);

    assertThat(uniforms.at(3, 4)).isEqualTo(uniforms.at(3, 4));
    assertThat(new CounterRandom(1).uniforms(Purpose.TOKEN, 5).at(3, 4))
        .isEqualTo(uniforms.at(3, 4));
  }

  @ParameterizedTest(name = "along {0}")
  @MethodSource("sequences")
  void numbersAreUniformOnZeroToOne(String name, Sequence sequence) {
    long[] counts = new long[64];
    for (int i = 0; i < DRAWS; i++) {
      double u = sequence.at(i);
      assertThat(u >= 0 && u < 1).isTrue();
      counts[(int) (u * counts.length)]++;
    }

    assertEquallyLikely(counts);
  }

  @ParameterizedTest(name = "along {0}")
  @MethodSource("sequences")
  void neighboursAreIndependent(String name, Sequence sequence) {
    long[] counts = new long[16 * 16];
    for (int i = 0; i < DRAWS; i++) {
      counts[cell(sequence.at(i), sequence.at(i + 1), 16)]++;
    }

    assertEquallyLikely(counts);
  }

  @Test
  void purposesAreIndependent() {
    for (Purpose other : Purpose.values()) {
      if (other != Purpose.MASK) {
        assertIndependent(
            RANDOM.uniforms(Purpose.MASK, 0), RANDOM.uniforms(other, 0), "MASK and " + other);
      }
    }
  }

  @Test
  void stepsAndSeedsAreIndependent() {
    Uniforms uniforms = RANDOM.uniforms(Purpose.MASK, 0);

    assertIndependent(uniforms, RANDOM.uniforms(Purpose.MASK, 1), "steps 0 and 1");
    assertIndependent(uniforms, RANDOM.uniforms(Purpose.MASK, 1L << 40), "far steps");
    assertIndependent(
        uniforms, new CounterRandom(2).uniforms(Purpose.MASK, 0), "neighbouring seeds");
    assertIndependent(
        uniforms, new CounterRandom(1L << 63).uniforms(Purpose.MASK, 0), "seeds of one bit");
  }

  @Test
  void coordinatesDoNotStandInForEachOther() {
    Uniforms uniforms = RANDOM.uniforms(Purpose.MASK, 2);

    assertThat(uniforms.at(1, 3)).isNotEqualTo(uniforms.at(3, 1));
    assertThat(RANDOM.uniforms(Purpose.MASK, 7).at(2, 1)).isNotEqualTo(uniforms.at(7, 1));
    assertThat(RANDOM.uniforms(Purpose.DATA, 4).at(1, 1))
        .isNotEqualTo(RANDOM.uniforms(Purpose.MASK, 2).at(1, 1));
    assertIndependent(
        uniforms,
        (example, index) -> uniforms.at(/* example= */ index, /* index= */ example),
        "transposes");
  }

  @Test
  void numbersCarryFiftyThreeBits() {
    Uniforms uniforms = RANDOM.uniforms(Purpose.TOKEN, 0);
    int[] ones = new int[53];
    for (int i = 0; i < DRAWS; i++) {
      double scaled = uniforms.at(0, i) * 0x1.0p53;
      assertThat(scaled).isEqualTo(Math.rint(scaled));
      for (int bit = 0; bit < 53; bit++) {
        ones[bit] += (int) ((long) scaled >>> bit & 1);
      }
    }

    double deviation = Math.sqrt(0.25 / DRAWS);
    for (int bit = 0; bit < 53; bit++) {
      assertThat((double) ones[bit] / DRAWS)
          .as("frequency of bit %s", bit)
          .isCloseTo(0.5, within(SIGMAS * deviation));
    }
  }

  @ParameterizedTest
  @CsvSource({"seed", "step", "example", "index"})
  void flippingAnyBitOfACoordinateFlipsHalfTheBitsOfTheNumber(String coordinate) {
    int trials = 2000;
    for (int bit = 0; bit < 64; bit++) {
      long flip = 1L << bit;
      long flipped = 0;
      for (int i = 0; i < trials; i++) {
        long before = draw(1, 2, i, 3);
        long after =
            switch (coordinate) {
              case "seed" -> draw(1 ^ flip, 2, i, 3);
              case "step" -> draw(1, 2 ^ flip, i, 3);
              case "example" -> draw(1, 2, i ^ flip, 3);
              default -> draw(1, 2, i, 3 ^ flip);
            };
        flipped += Long.bitCount(before ^ after);
      }
      double bits = 53.0 * trials;

      // 256 of these are looked at, so a few may pass 4 standard errors by chance: twice that.
      assertThat(flipped / bits)
          .as("share of output bits that flip with bit %s of the %s", bit, coordinate)
          .isCloseTo(0.5, within(2 * SIGMAS * Math.sqrt(0.25 / bits)));
    }
  }

  private static long draw(long seed, long step, long example, long index) {
    Uniforms uniforms = new CounterRandom(seed).uniforms(Purpose.MASK, step);
    return (long) (uniforms.at(example, index) * 0x1.0p53);
  }

  private static void assertIndependent(Uniforms first, Uniforms second, String what) {
    long[] counts = new long[16 * 16];
    for (int i = 0; i < DRAWS; i++) {
      // Offsets keep a table and its transpose from meeting on the diagonal.
      long example = i / 100;
      long index = 2000L + i % 100;
      counts[cell(first.at(example, index), second.at(example, index), 16)]++;
    }

    assertThat(pValue(counts)).as("independence of %s", what).isGreaterThan(CHI_SQUARE_LEVEL);
  }

  private static int cell(double u, double v, int cells) {
    return ((int) (u * cells)) * cells + (int) (v * cells);
  }

  private static void assertEquallyLikely(long[] counts) {
    assertThat(pValue(counts)).isGreaterThan(CHI_SQUARE_LEVEL);
  }

  private static double pValue(long[] counts) {
    double[] expected = new double[counts.length];
    Arrays.fill(expected, (double) Arrays.stream(counts).sum() / counts.length);
    return new ChiSquareTest().chiSquareTest(expected, counts);
  }

  private static Arguments sequence(String name, Sequence sequence) {
    return Arguments.of(name, sequence);
  }

  @Test
  void fillingReadsTheSameNumbers() {
    Uniforms uniforms = new CounterRandom(3).uniforms(Purpose.DROPOUT, 8);
    Uniforms plain = (example, index) -> uniforms.at(example, index);
    double[] fast = {-1, -1, -1, -1, -1};
    double[] slow = fast.clone();

    uniforms.fill(5, 1L << 40, fast, 1, 3);
    plain.fill(5, 1L << 40, slow, 1, 3);

    assertThat(fast)
        .isEqualTo(slow)
        .containsExactly(
            -1,
            uniforms.at(5, 1L << 40),
            uniforms.at(5, (1L << 40) + 1),
            uniforms.at(5, (1L << 40) + 2),
            -1);
  }
}
