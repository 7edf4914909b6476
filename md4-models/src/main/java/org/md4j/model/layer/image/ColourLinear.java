package org.md4j.model.layer.image;

import org.md4j.compute.Compute;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;

/**
 * A linear map of the rows of {@link WantedPatches}, with weights and biases of its own for each
 * colour, zero at the start: out = x W_s + b_s for the rows of colour s, with W the parameter [in,
 * S out] and b the parameter [S out].
 */
final class ColourLinear {
  private final Layer layer;
  private final Compute compute;
  private final Parameter weight;
  private final Parameter bias;
  private final int colours;
  private final int width;

  /**
   * Takes the parameters that {@link #addParameters} added.
   *
   * @param width outputs of a colour
   */
  ColourLinear(Layer layer, String name, int colours, int width) {
    this.layer = layer;
    this.compute = layer.compute();
    this.weight = layer.parameter(weight(name));
    this.bias = layer.parameter(bias(name));
    this.colours = colours;
    this.width = width;
  }

  private static String weight(String name) {
    return name + "Weight";
  }

  private static String bias(String name) {
    return name + "Bias";
  }

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
   * @param out [R, out], overwritten
   */
  void forward(WantedPatches wanted, Tensor x, Tensor out) {
    for (int colour = 0; colour < colours; colour++) {
      if (wanted.hasRows(colour)) {
        compute.affine(
            wanted.ofColour(x, colour),
            ofColour(weight.operand(), colour),
            ofColour(bias.value(), colour),
            wanted.ofColour(out, colour));
      }
    }
  }

  /**
   * Writes the gradients of the parameters, and adds to that of x.
   *
   * @param x as in the forward pass
   * @param dOut [R, out], not changed
   * @param dX [R, in], strided from row to row
   */
  void backward(WantedPatches wanted, Tensor x, Tensor dOut, Tensor dX) {
    boolean accumulate = layer.accumulating();
    Tensor operand = layer.operand(dOut);
    for (int colour = 0; colour < colours; colour++) {
      Tensor dWeight = ofColour(weight.gradient(), colour);
      Tensor dBias = ofColour(bias.gradient(), colour);
      if (wanted.hasRows(colour)) {
        Tensor dRows = wanted.ofColour(operand, colour);
        compute.product(wanted.ofColour(x, colour).transposed(), dRows, dWeight, 1, accumulate);
        compute.sumRows(wanted.ofColour(dOut, colour), dBias, accumulate);
        compute.product(
            dRows,
            ofColour(weight.operand(), colour).transposed(),
            wanted.ofColour(dX, colour),
            1,
            true);
      } else if (!accumulate) {
        dWeight.array().assign(0);
        dBias.array().assign(0);
      }
    }
  }
}
