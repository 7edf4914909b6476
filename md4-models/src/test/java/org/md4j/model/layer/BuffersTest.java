package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class BuffersTest {
  private final Buffers buffers = new Buffers(DataType.FLOAT);

  @Test
  void aShapeThatComesBackIsTheSameObjectOnTheSameMemory() {
    INDArray large = buffers.matrix("a", 16, 3);
    INDArray small = buffers.matrix("a", 15, 3);

    assertThat(buffers.matrix("a", 16, 3)).isSameAs(large);
    assertThat(buffers.matrix("a", 15, 3)).isSameAs(small);
    small.assign(4);
    assertThat(large.getDouble(14, 2)).isEqualTo(4);
    assertThat(buffers.matrix("b", 15, 3)).isNotSameAs(small);
  }

  @Test
  void shapesOfTheSameLengthAreToldApart() {
    assertThat(buffers.matrix("a", 4, 3).shape()).containsExactly(4, 3);
    assertThat(buffers.matrix("a", 3, 4).shape()).containsExactly(3, 4);
    assertThat(buffers.matrix("a", 4, 3).ordering()).isEqualTo('c');
  }

  @Test
  void growingForgetsTheViewsOfTheOldMemory() {
    INDArray before = buffers.matrix("a", 2, 3);

    INDArray larger = buffers.matrix("a", 4, 3);
    larger.assign(7);

    assertThat(buffers.matrix("a", 2, 3)).isNotSameAs(before);
    assertThat(buffers.matrix("a", 2, 3).getDouble(1, 2)).isEqualTo(7);
  }

  @Test
  void manyShapesDoNotPileUpAndTheirMemoryIsKept() {
    INDArray first = buffers.matrix("a", 100, 2).assign(5);
    for (int rows = 1; rows < 100; rows++) {
      buffers.matrix("a", rows, 2);
    }

    assertThat(buffers.matrix("a", 100, 2)).isNotSameAs(first);
    assertThat(buffers.matrix("a", 100, 2).getDouble(99, 1)).isEqualTo(5);
  }
}
