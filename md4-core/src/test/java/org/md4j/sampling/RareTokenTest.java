package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A token of probability 1e-9 among the 50,257 of GPT-2, the others by Zipf's law: drawn as often
 * as it should be, which single-precision noise never does.
 */
class RareTokenTest {
  private static final int SIZE = 50_257;
  private static final int RARE = 40_000;
  private static final double PROBABILITY = 1e-9;
  private static final long SEED = 20240607;

  /** The interval's ends are multiples of 2^-53 = 1.1e-16, and 1.1e-16 / 1e-9 is 1.1e-7. */
  private static final double LATTICE = 1e-6;

  private static final double[] LOGITS = new double[SIZE];
  private static final Categorical LAW = new Categorical(SIZE);

  /**
   * The uniforms that draw the token: k 2^-53 with k from the first of these to below the second.
   */
  private static long from;

  private static long to;

  @BeforeAll
  static void findTheUniformsThatDrawIt() {
    Arrays.setAll(LOGITS, v -> v == RARE ? 0 : 1.0 / (v + 1));
    double others = Arrays.stream(LOGITS).sum();
    Arrays.setAll(
        LOGITS, v -> Math.log(v == RARE ? PROBABILITY : (1 - PROBABILITY) / others / (v + 1)));
    LAW.set(LOGITS, 0);
    from = firstDrawing(RARE);
    to = firstDrawing(RARE + 1);
  }

  /** The least k whose k 2^-53 draws a token or a later one. */
  private static long firstDrawing(int token) {
    long low = 0;
    long high = 1L << 53;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (LAW.draw(middle * 0x1.0p-53) >= token) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Test
  void asManyUniformsDrawItAsShould() {
    assertThat((to - from) * 0x1.0p-53 / PROBABILITY).isCloseTo(1, within(LATTICE));
  }

  @Test
  void noneOf24BitsDoes() {
    assertThat(Math.ceil(from * 0x1.0p-29)).isGreaterThanOrEqualTo(to * 0x1.0p-29);
  }

  /**
   * Uniforms between 50 probabilities below the token and 50 above: given that a uniform is in that
   * window it is one of its multiples of 2^-53, all as likely, and one in about a hundred draws the
   * token.
   */
  @Test
  void drawsComeAtTheRateOfTheToken() {
    int draws = 20_000;
    long width = to - from;
    long first = from - 50 * width;
    Uniforms uniforms = new CounterRandom(SEED).uniforms(Purpose.TOKEN, 0);
    int hits = 0;
    int hitsOf24Bits = 0;
    for (int i = 0; i < draws; i++) {
      long k = first + (long) (uniforms.at(i, 0) * (101 * width));
      hits += LAW.draw(k * 0x1.0p-53) == RARE ? 1 : 0;
      hitsOf24Bits += LAW.draw((k >>> 29) * 0x1.0p-24) == RARE ? 1 : 0;
    }

    double rate = 1.0 / 101;
    double allowed = Tolerance.SIGMAS * Math.sqrt(draws * rate * (1 - rate));
    assertThat((double) hits).isCloseTo(draws * rate, within(allowed));
    assertThat(Math.abs(hitsOf24Bits - draws * rate)).isGreaterThan(allowed);
  }

  /**
   * The rows that draw it among the first 6,000,000,000 of the seed: 5 where 6 are expected. They
   * were found by reading the uniforms of all of them.
   */
  @ParameterizedTest
  @ValueSource(longs = {1674583487L, 1760114295L, 2494199180L, 4791196907L, 5352103124L})
  void aSamplerDrawsItInTheRowsWhoseUniformsSaySo(long example) {
    Vocabulary vocabulary = new Vocabulary(SIZE);
    Denoiser denoiser = input -> Nd4j.createFromArray(new double[][] {LOGITS});
    CounterRandom random = new CounterRandom(SEED);

    TokenBatch drawn =
        EventDrivenSampler.ancestral(Decoding.of(MaskingSchedule.linear()), TimeGrid.uniform(1))
            .sample(
                denoiser,
                new SamplingRequest(
                    Rows.of(TokenBatch.allMasked(vocabulary, 1, 1)).withFirstExample(example),
                    random))
            .tokens();

    assertThat(drawn.token(0)).isEqualTo(RARE);
    double u = random.uniforms(Purpose.TOKEN, 1).at(example, 0);
    assertThat(LAW.draw(Math.floor(u * 0x1.0p24) * 0x1.0p-24)).isNotEqualTo(RARE);
  }
}
