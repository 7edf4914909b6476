package org.md4j.compute;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Memory that ND4J's operations need between their passes, shared by all of one network. */
final class Nd4jWork {
  private final Element element;
  private final Memory ones;
  private final Memory[] pieces;

  Nd4jWork(Element element) {
    this.element = element;
    this.ones = new Memory(element);
    this.pieces =
        new Memory[] {
          new Memory(element), new Memory(element), new Memory(element), new Memory(element)
        };
  }

  /** The number type of all of it. */
  Element element() {
    return element;
  }

  /** Returns one of the pieces, in a shape. */
  Tensor piece(int number, long... shape) {
    return pieces[number].of(shape);
  }

  /** Returns one of the pieces, in the shape of x. */
  Tensor like(int number, Tensor x) {
    return piece(number, x.shape());
  }

  /** Returns an array of ones, not to be written to. */
  INDArray ones(long... shape) {
    long before = ones.bytes();
    Tensor tensor = ones.of(shape);
    if (ones.bytes() != before) {
      tensor.array().assign(1);
    }
    return tensor.array();
  }

  /** Runs one of ND4J's named operations. */
  static void custom(String name, INDArray out, INDArray... inputs) {
    Nd4j.exec(DynamicCustomOp.builder(name).addInputs(inputs).addOutputs(out).build());
  }
}
