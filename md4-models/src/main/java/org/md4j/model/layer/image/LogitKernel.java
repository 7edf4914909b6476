package org.md4j.model.layer.image;

import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;

/**
 * The kernel of the convolution that makes logits, [3, 3, C, S V], V output channels for each of S
 * colours; zero at the start.
 *
 * <p>Kinds: free, every entry a parameter; with a smooth part besides ({@link SmoothLogitKernel}).
 */
sealed interface LogitKernel permits LogitKernel.Free, SmoothLogitKernel {
  /** The name of the free part. */
  String PARAMETER = "logitWeight";

  /**
   * Adds the parameters of a kernel to a layer's layout.
   *
   * @param channels C, input channels
   * @param colours S
   * @param values V, values of a colour
   * @param cosines cosines over the values that the smooth part is made of, or 0 for none
   */
  static void addParameters(
      ParameterLayout layout, int channels, int colours, int values, int cosines) {
    layout.add(PARAMETER, Initialiser.zeros(), Convolution.kernelShape(channels, colours * values));
    if (cosines > 0) {
      SmoothLogitKernel.addParameters(layout, channels, colours, cosines);
    }
  }

  /** Makes the kind that a number of cosines calls for: 0 means a free kernel. */
  static LogitKernel of(Layer layer, int colours, int values, int cosines) {
    Parameter free = layer.parameter(PARAMETER);
    return cosines > 0
        ? new SmoothLogitKernel(layer, free, colours, values, cosines)
        : new Free(layer, free);
  }

  /**
   * Returns the output channels of one colour.
   *
   * @param matrix [9 C, S width], or a vector [S width]
   * @param width output channels of a colour
   * @return [9 C, width], a view; or [1, width]
   */
  static Tensor ofColour(Tensor matrix, int colour, int width) {
    long from = (long) colour * width;
    return matrix.rank() == 1
        ? matrix.interval(0, from, from + width).reshape(1, width)
        : matrix.interval(1, from, from + width);
  }

  /**
   * Returns a kernel as the matrix that multiplies patches, [9 C, out], a view; or a matrix itself.
   */
  static Tensor matrix(Tensor kernel) {
    long out = kernel.size(kernel.rank() - 1);
    return kernel.reshape(kernel.length() / out, out);
  }

  /** Returns the kernel of this forward pass, an operand of products. */
  Tensor forward();

  /** Returns what {@link #forward} did. */
  Tensor operand();

  /**
   * Says where the backward pass is to write the gradient of the kernel, before {@link #backward}.
   */
  Target target();

  /** Writes the gradients of the parameters, once that of the kernel is in its target. */
  void backward(Target written);

  /**
   * Memory for the gradient of a kernel.
   *
   * @param kernel [3, 3, C, S V]
   * @param accumulating whether to add to what is there
   */
  record Target(Tensor kernel, boolean accumulating) {}

  /** A kernel that is a parameter. */
  record Free(Layer layer, Parameter weight) implements LogitKernel {
    @Override
    public Tensor forward() {
      return weight.operand();
    }

    @Override
    public Tensor operand() {
      return weight.operand();
    }

    @Override
    public Target target() {
      return new Target(weight.gradient(), layer.accumulating());
    }

    @Override
    public void backward(Target written) {
      // The target is the parameter's own gradient.
    }
  }
}
