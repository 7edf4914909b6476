package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.md4j.contract.PositionOrderContract;

class PositionOrderTest extends PositionOrderContract {
  @Override
  protected Stream<PositionOrder> orders() {
    int[] backwards = IntStream.range(0, length()).map(n -> length() - 1 - n).toArray();
    return Stream.of(
        PositionOrder.dilated(),
        PositionOrder.halton(2, 4, 3),
        PositionOrder.halton(4, 6, 1),
        PositionOrder.halton(1, 24, 1),
        PositionOrder.halton(12, 1, 2),
        PositionOrder.of(backwards));
  }

  @Test
  void aGivenOrderIsTakenAsItIsWithoutWhatIsGiven() {
    PositionOrder order = PositionOrder.of(3, 0, 4, 2, 1);

    assertThat(order.order(5, new int[] {0, 1, 2, 3, 4}, new int[] {5}))
        .containsExactly(3, 0, 4, 2, 1);
    assertThat(order.order(5, new int[] {1, 2, 3}, new int[] {1, 2})).containsExactly(3, 2, 1);
    assertThat(order.groups(5, new int[] {1, 2, 3}, new int[] {1, 2})).containsExactly(1, 1, 0);
  }

  @Test
  void ordersThatCannotBeAreRefused() {
    assertThatThrownBy(() -> PositionOrder.of(0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("positions ([0, 2]) must hold each of 0..1 once");
    assertThatThrownBy(() -> PositionOrder.of(1, 0, 1)).hasMessageContaining("each of 0..2 once");
    assertThatThrownBy(() -> PositionOrder.of(1, 0).order(3, new int[] {0}, new int[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("length (3) must be that of the order, 2");
    PositionOrder twice = (length, blanks, sizes) -> new int[] {1, 1};
    assertThatThrownBy(() -> twice.groups(2, new int[] {0, 1}, new int[] {2}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("order must hold each blank once, got [1, 1] of [0, 1]");
    PositionOrder tooFew = (length, blanks, sizes) -> new int[] {0};
    assertThatThrownBy(() -> tooFew.groups(2, new int[] {0, 1}, new int[] {2}))
        .hasMessage("order must hold each blank once, got [0] of [0, 1]");
    assertThatThrownBy(() -> PositionOrder.dilated().groups(3, new int[] {0, 1}, new int[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sizes ([1]) must add up to the number of blanks, 2");
  }
}
