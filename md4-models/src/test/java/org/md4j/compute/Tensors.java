package org.md4j.compute;

import java.util.Arrays;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.nd4j.linalg.factory.Nd4j;

/** Draws the tensors of one test: the same ones in every run, but no two alike. */
final class Tensors {
  private long drawn;

  /** A tensor of numbers in [-1, 1], rounded to its type. */
  Tensor draw(Element element, long... shape) {
    double[] values = new double[length(shape)];
    new CounterRandom(17).uniforms(Purpose.TOKEN, 0).fill(drawn++, 0, values, 0, values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * values[i] - 1;
    }
    return of(element, values, shape);
  }

  /** A tensor of these numbers, rounded to its type. */
  static Tensor of(Element element, double[] values, long... shape) {
    return Tensor.of(Nd4j.createFromArray(values).castTo(element.dataType()).reshape('c', shape));
  }

  /** A tensor of one number everywhere. */
  static Tensor filled(Element element, double value, long... shape) {
    double[] values = new double[length(shape)];
    Arrays.fill(values, value);
    return of(element, values, shape);
  }

  /** A tensor of undefined numbers. */
  static Tensor empty(Element element, long... shape) {
    return new Memory(element).of(shape);
  }

  private static int length(long... shape) {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
  }
}
