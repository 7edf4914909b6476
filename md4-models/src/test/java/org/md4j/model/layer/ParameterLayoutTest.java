package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ParameterLayoutTest {
  @Test
  void anEntryStartsFromTheUniformOfItsPlaceHoweverLargeItsParameter() {
    Initialiser normal = Initialiser.embedding(4);
    ParameterLayout layout =
        new ParameterLayout()
            .add("bias", Initialiser.ones(), 5)
            .add("weight", normal, 3, 350_000)
            .add("last", normal, 2);
    INDArray flat = Nd4j.createUninitialized(DataType.DOUBLE, layout.count());
    Uniforms uniforms = new CounterRandom(8).uniforms(Purpose.INITIALISATION, 0);

    layout.initialise(flat, uniforms, 4);

    double[] values = flat.data().asDouble();
    for (int i = 0; i < values.length; i += i < 10 || i > 1_048_570 ? 1 : 997) {
      assertThat(values[i]).isEqualTo(i < 5 ? 1 : normal.value(uniforms.at(4, i), 0));
    }
  }
}
