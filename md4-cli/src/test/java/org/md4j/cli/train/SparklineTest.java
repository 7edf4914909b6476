package org.md4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;

class SparklineTest {
  @Test
  void leastAndGreatestValueAreTheLowestAndTheHighestCharacter() {
    Sparkline line = new Sparkline(10);
    assertThat(line).hasToString("");
    for (double value : new double[] {7, 0, 1, 3.4, 7}) {
      line.add(value);
    }

    assertThat(line).hasToString("\u2588\u2581\u2582\u2584\u2588");
  }

  @Test
  void neighboursAreAveragedWhenTheLineIsFull() {
    Sparkline line = new Sparkline(4);
    for (int value = 0; value < 1_000; value++) {
      line.add(value);
      assertThat(line.toString().length()).isLessThan(4);
    }

    assertThat(line.toString()).startsWith("\u2581").endsWith("\u2588");
  }

  @Test
  void constantOrInfiniteValuesAreNoCurve() {
    Sparkline constant = new Sparkline(6);
    constant.add(2);
    constant.add(2);
    assertThat(constant).hasToString("\u2581\u2581");
    constant.add(Double.POSITIVE_INFINITY);
    assertThat(constant).hasToString("");
  }

  @Test
  void isWrittenWhereTheEncodingHasItsCharacters() {
    assertThat(Sparkline.isWritableIn("UTF-8")).isTrue();
    assertThat(Sparkline.isWritableIn("US-ASCII")).isFalse();
    assertThat(Sparkline.isWritableIn("ISO-8859-1")).isFalse();
  }

  @Test
  void encodingThatJavaDoesNotKnowIsTheDefault() {
    boolean usual = Sparkline.isWritableIn(Charset.defaultCharset().name());

    assertThat(Sparkline.isWritableIn(null)).isEqualTo(usual);
    assertThat(Sparkline.isWritableIn("cp-of-nobody")).isEqualTo(usual);
    assertThat(Sparkline.isWritableIn("not a name")).isEqualTo(usual);
    assertThat(Sparkline.isWritableIn("")).isEqualTo(usual);
  }
}
