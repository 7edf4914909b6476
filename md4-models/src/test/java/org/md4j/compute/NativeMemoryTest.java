package org.md4j.compute;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NativeMemoryTest {
  private static final long MORE_THAN_ADDRESSES = 1L << 60;

  @Test
  void whatNoMachineGivesIsAnErrorOfMemory() {
    assertThatThrownBy(() -> NativeMemory.require(MORE_THAN_ADDRESSES))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessageStartingWith("the machine must give ");
  }

  @Test
  void whatIsThereIsGiven() {
    assertThatCode(() -> NativeMemory.require(1L << 27)).doesNotThrowAnyException();
    assertThatCode(() -> NativeMemory.require(0)).doesNotThrowAnyException();
  }

  @Test
  void memoryThatIsRefusedLeavesNoTensorBehind() {
    Memory memory = new Memory(Element.F32);
    memory.of(4);

    assertThatThrownBy(() -> memory.of(MORE_THAN_ADDRESSES / 4))
        .isInstanceOf(OutOfMemoryError.class);

    memory.of(4).array().assign(1); // Other memory than before, which is freed.
  }
}
