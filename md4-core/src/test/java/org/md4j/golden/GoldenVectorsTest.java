package org.md4j.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.DoubleNode;
import org.junit.jupiter.api.Test;

class GoldenVectorsTest {
  private static final int ENTRIES = 57;

  @Test
  void holdsEveryEntryOnce() {
    assertThat(GoldenVectors.ids("")).hasSize(ENTRIES).doesNotHaveDuplicates();
  }

  @Test
  void unknownIdNamesTheKnownOnes() {
    assertThatThrownBy(() -> GoldenVectors.expected("schedule/none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("schedule/none")
        .hasMessageContaining("schedule/linear/eps=0");
  }

  @Test
  void comparesWithTheTolerancesOfTheEntry() {
    DoubleNode expected = DoubleNode.valueOf(2);

    GoldenVectors.assertMatches("time/antithetic", "near", 2 + 1e-9, expected);
    assertThatThrownBy(
            () -> GoldenVectors.assertMatches("time/antithetic", "far", 2 + 3e-9, expected))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("far of time/antithetic");
  }
}
