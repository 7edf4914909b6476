package org.md4j.model.layer.image;

import org.md4j.compute.Compute;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;

/**
 * A linear map of the rows of {@link WantedPatches}, with weights and biases of its own for each
 * colour: out = x W_s + b_s for the rows of colour s, with W [in, S out] and b [S out].
 */
final class ColourLinear {
  private final Layer layer;
  private final Compute compute;
  private final LogitKernel weights;
  private final Parameter bias;
  private final int colours;
  private final int width;

  /**
   * Makes a map of given weights.
   *
   * @param weights W, as a matrix or the kernel of a convolution
   * @param bias b
   * @param width outputs of a colour
   */
  ColourLinear(Layer layer, LogitKernel weights, Parameter bias, int colours, int width) {
    this.layer = layer;
    this.compute = layer.compute();
    this.weights = weights;
    this.bias = bias;
    this.colours = colours;
    this.width = width;
  }

  /**
   * Makes a map of the parameters that {@link #addParameters} added.
   *
   * @param width outputs of a colour
   */
  static ColourLinear of(Layer layer, String name, int colours, int width) {
    LogitKernel weights = new LogitKernel.Free(layer, layer.parameter(weight(name)));
    return new ColourLinear(layer, weights, layer.parameter(bias(name)), colours, width);
  }

  private static String weight(String name) {
    return name + "Weight";
  }

  private static String bias(String name) {
    return name + "Bias";
  }

  /** Adds weights and biases that start at zero. */
  static void addParameters(
      ParameterLayout layout, String name, long inputs, int colours, int width) {
    long outputs = (long) colours * width;
    layout
        .add(weight(name), Initialiser.zeros(), inputs, outputs)
        .add(bias(name), Initialiser.zeros(), outputs);
  }

  private Tensor ofColour(Tensor parameter, int colour) {
    return LogitKernel.ofColour(parameter, colour, width);
  }

  /**
   * Computes the map of every row.
   *
   * @param x [R, in], an operand, strided from row to row
   * @param out [R, out], overwritten or added to
   */
  void forward(WantedPatches wanted, Tensor x, Tensor out, boolean adding) {
    Tensor matrix = LogitKernel.matrix(weights.forward());
    for (int colour = 0; colour < colours; colour++) {
      if (wanted.hasRows(colour)) {
        Tensor rows = wanted.ofColour(x, colour);
        Tensor itsBias = ofColour(bias.value(), colour);
        Tensor itsOut = wanted.ofColour(out, colour);
        if (adding) {
          compute.product(rows, ofColour(matrix, colour), itsOut, 1, true);
          compute.add(itsOut, itsBias, itsOut);
        } else {
          compute.affine(rows, ofColour(matrix, colour), itsBias, itsOut);
        }
      }
    }
  }

  /**
   * Writes the gradients of the parameters, and that of x.
   *
   * @param x as in the forward pass
   * @param dOut [R, out], not changed
   * @param dX [R, in], strided from row to row, overwritten or added to
   */
  void backward(WantedPatches wanted, Tensor x, Tensor dOut, Tensor dX, boolean adding) {
    Tensor operand = layer.operand(dOut);
    Tensor matrix = LogitKernel.matrix(weights.operand());
    LogitKernel.Target target = weights.target();
    Tensor dMatrix = LogitKernel.matrix(target.kernel());
    for (int colour = 0; colour < colours; colour++) {
      Tensor dWeights = ofColour(dMatrix, colour);
      Tensor dBias = ofColour(bias.gradient(), colour);
      if (wanted.hasRows(colour)) {
        Tensor dRows = wanted.ofColour(operand, colour);
        Tensor patches = wanted.ofColour(x, colour).transposed();
        compute.product(patches, dRows, dWeights, 1, target.accumulating());
        compute.sumRows(wanted.ofColour(dOut, colour), dBias, layer.accumulating());
        Tensor back = ofColour(matrix, colour).transposed();
        compute.product(dRows, back, wanted.ofColour(dX, colour), 1, adding);
        continue;
      }
      if (!target.accumulating()) {
        dWeights.array().assign(0);
      }
      if (!layer.accumulating()) {
        dBias.array().assign(0);
      }
    }
    weights.backward(target);
  }
}
