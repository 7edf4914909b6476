package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Activation;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

/**
 * Turns time features f, and class vectors c if there are any, into a conditioning vector
 * (reference code b9fbf29, models/backward.py), hidden width 4 C:
 *
 * <pre>
 * cond = swish(f W1 + b1) W2 + b2          or          cond = swish([f, c] W1 + b1) W2 + b2
 * </pre>
 *
 * <p>W1 is one matrix of 2 C rows, of which the parameter hiddenClassWeight is the lower half.
 *
 * @param width C, of the result and of each input [B, C]
 * @param classConditioned whether class vectors come second
 */
public record TimeConditioningLayer(int width, boolean classConditioned) implements LayerSpec {
  @Override
  public ParameterLayout parameterLayout() {
    Initialiser hidden = Initialiser.truncatedNormal(1, (long) inputCount() * width);
    ParameterLayout layout = new ParameterLayout().add("hiddenWeight", hidden, width, 4L * width);
    if (classConditioned) {
      layout.add("hiddenClassWeight", hidden, width, 4L * width);
    }
    return layout
        .add("hiddenBias", Initialiser.zeros(), 4L * width)
        .add("outputWeight", Initialiser.truncatedNormal(1, 4L * width), 4L * width, width)
        .add("outputBias", Initialiser.zeros(), width);
  }

  @Override
  public int inputCount() {
    return classConditioned ? 2 : 1;
  }

  @Override
  public Layer layer(Place place) {
    return new Running(this, place);
  }

  private static final class Running extends Layer {
    private final int width;
    private final Parameter hiddenWeight = parameter("hiddenWeight");
    private final @Nullable Parameter hiddenClassWeight;
    private final Parameter hiddenBias = parameter("hiddenBias");
    private final Parameter outputWeight = parameter("outputWeight");
    private final Parameter outputBias = parameter("outputBias");
    private final Memory hidden = memory();
    private final Memory swish = memory();
    private final Memory out = memory();
    private final Memory classGradient = memory();

    Running(TimeConditioningLayer spec, Place place) {
      super(place);
      this.width = spec.width();
      this.hiddenClassWeight = spec.classConditioned() ? parameter("hiddenClassWeight") : null;
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      long batch = inputs[0].size(0);
      Tensor argument = hidden.of(batch, 4L * width);
      compute().affine(inputs[0], hiddenWeight.value(), hiddenBias.value(), argument);
      if (hiddenClassWeight != null) {
        compute().product(inputs[1], hiddenClassWeight.value(), argument, 1, true);
      }
      Tensor activated = swish.of(batch, 4L * width);
      compute().activate(Activation.SWISH, argument, activated);
      Tensor result = out.of(batch, width);
      compute().affine(activated, outputWeight.value(), outputBias.value(), result);
      return result;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      long batch = inputs[0].size(0);
      Tensor activated = swish.of(batch, 4L * width);
      compute()
          .product(
              activated.transposed(), outputGradient, outputWeight.gradient(), 1, accumulating());
      compute().sumRows(outputGradient, outputBias.gradient(), accumulating());
      Tensor dHidden = scratch(batch, 4L * width);
      compute().product(outputGradient, outputWeight.value().transposed(), dHidden);
      compute()
          .activationGradient(Activation.SWISH, hidden.of(batch, 4L * width), dHidden, dHidden);
      compute()
          .product(inputs[0].transposed(), dHidden, hiddenWeight.gradient(), 1, accumulating());
      compute().sumRows(dHidden, hiddenBias.gradient(), accumulating());
      if (hiddenClassWeight == null) {
        return new Tensor[] {null};
      }
      compute()
          .product(
              inputs[1].transposed(), dHidden, hiddenClassWeight.gradient(), 1, accumulating());
      Tensor dClass = classGradient.of(batch, width);
      compute().product(dHidden, hiddenClassWeight.value().transposed(), dClass);
      return new Tensor[] {null, dClass};
    }
  }
}
