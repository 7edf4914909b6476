package org.md4j.cli.draw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.Remask;
import org.md4j.sampling.Reveal;

class DenoisingStripsTest {
  private static final int MASK = 256;

  @Test
  void framesAreEqualSharesOfWhatWasMasked() {
    DenoisingStrips strips = new DenoisingStrips(MASK, 3);
    for (int n = 0; n < 4; n++) {
      strips.onReveal(reveal(5, n, n + 1));
    }

    List<int[]> row =
        strips.of(
            new DrawnRow(5, new int[] {MASK, MASK, MASK, MASK, 9}, new int[] {1, 2, 3, 4, 9}));

    assertThat(row)
        .containsExactly(
            new int[] {MASK, MASK, MASK, MASK, 9},
            new int[] {1, 2, MASK, MASK, 9},
            new int[] {1, 2, 3, 4, 9});
  }

  @Test
  void whatIsMaskedAgainDoesNotCount() {
    DenoisingStrips strips = new DenoisingStrips(MASK, 3);
    strips.onReveal(reveal(0, 0, 7));
    strips.onRemask(new Remask(0, 1, 0.5, 0, 7));
    strips.onReveal(reveal(0, 1, 8));
    strips.onReveal(reveal(0, 0, 6));

    assertThat(strips.of(new DrawnRow(0, new int[] {MASK, MASK}, new int[] {6, 8})))
        .containsExactly(new int[] {MASK, MASK}, new int[] {7, MASK}, new int[] {6, 8});
  }

  @Test
  void picturesDoNotMixAndUnknownOnesAreFinished() {
    DenoisingStrips strips = new DenoisingStrips(MASK, 2);
    strips.onReveal(reveal(1, 0, 7));

    assertThat(strips.of(new DrawnRow(2, new int[] {MASK}, new int[] {3})))
        .containsExactly(new int[] {MASK}, new int[] {3});
    assertThatThrownBy(() -> new DenoisingStrips(MASK, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("frames (1) must be at least 2");
  }

  private static Reveal reveal(long example, int position, int token) {
    return new Reveal(example, 1, 0.5, position, token, 1, 0);
  }
}
