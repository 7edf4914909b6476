package org.md4j.model.layer.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Activation;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Dropout;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * A residual block on images (reference code b9fbf29, networks/unet.py and uvit.py): x [B, HW,
 * inputChannels], then a second image [B, HW, skipChannels] if it has channels, then cond [B, C] if
 * conditioned, to [B, HW, channels]:
 *
 * <pre>
 * h = conv3x3(swish(norm(x))) [+ cond W]          x: one image, or two beside each other
 * out = shortcut(x) + conv3x3(dropout(swish(norm(h))))
 * </pre>
 *
 * <p>The shortcut is the identity if channels stay the same, else a dense layer. The last
 * convolution starts at zero. Two images are never joined: a convolution of both is the sum of a
 * convolution of each.
 *
 * @param skipChannels channels of the second image, 0 for none
 * @param channels channels of the result
 * @param groups groups of the group normalisations; divide both numbers of channels
 * @param conditioningWidth C, or 0 for none
 * @param scaleShift true: cond scales and shifts both normalised images; false: it adds a bias to
 *     the first convolution
 * @param dropout probability that an entry of the second activation is dropped in training
 */
public record ResidualBlockLayer(
    int height,
    int width,
    int inputChannels,
    int skipChannels,
    int channels,
    int groups,
    int conditioningWidth,
    boolean scaleShift,
    double dropout)
    implements LayerSpec {
  private static final int ACTIVATION_MASK = 0;

  /** Rejects groups that do not divide the channels, and a scale and shift of nothing. */
  public ResidualBlockLayer {
    if (scaleShift && conditioningWidth == 0) {
      throw new IllegalArgumentException(
          "conditioningWidth (0) must be at least 1 for a block with scaleShift");
    }
    Requirements.requireGroups(groups, inputChannels + skipChannels);
    Requirements.requireGroups(groups, channels);
  }

  /** The channels of each input image. */
  private int[] widths() {
    return skipChannels > 0 ? new int[] {inputChannels, skipChannels} : new int[] {inputChannels};
  }

  /** Tells whether cond adds a bias to the first convolution. */
  private boolean addsConditioning() {
    return conditioningWidth > 0 && !scaleShift;
  }

  /**
   * The conditioning width C for the normalisations: 0 if they have gains and biases of their own.
   */
  private int normalizationConditioning() {
    return scaleShift ? conditioningWidth : 0;
  }

  /** Tells whether the input must be projected to be added to the result. */
  private boolean projected() {
    return inputChannels + skipChannels != channels;
  }

  @Override
  public ParameterLayout parameterLayout() {
    int all = inputChannels + skipChannels;
    ParameterLayout layout = new ParameterLayout();
    GroupNormalization.addParameters(layout, "first", all, normalizationConditioning());
    Initialiser first = Initialiser.truncatedNormal(1, Convolution.fanIn(all));
    int[] widths = widths();
    for (int part = 0; part < widths.length; part++) {
      layout.addMatrix(
          "firstWeight" + part, first, Convolution.kernelShape(widths[part], channels));
    }
    layout.add("firstConvolutionBias", Initialiser.zeros(), channels);
    if (addsConditioning()) {
      layout.add("conditioningWeight", Initialiser.zeros(), conditioningWidth, channels);
    }
    GroupNormalization.addParameters(layout, "second", channels, normalizationConditioning());
    layout.addMatrix(
        "secondWeight", Initialiser.zeros(), Convolution.kernelShape(channels, channels));
    layout.add("secondConvolutionBias", Initialiser.zeros(), channels);
    if (projected()) {
      for (int part = 0; part < widths.length; part++) {
        layout.addMatrix(
            "projectionWeight" + part, Initialiser.truncatedNormal(1, all), widths[part], channels);
      }
      layout.add("projectionBias", Initialiser.zeros(), channels);
    }
    return layout;
  }

  @Override
  public int inputCount() {
    return widths().length + (conditioningWidth > 0 ? 1 : 0);
  }

  @Override
  public Layer layer(Place place) {
    return new Running(this, place);
  }

  private static final class Running extends Layer {
    private final ResidualBlockLayer spec;
    private final int[] widths;
    private final int channels;
    private final GroupNormalization firstNormalization;
    private final GroupNormalization secondNormalization;
    private final Convolution[] firstConvolutions;
    private final Convolution secondConvolution;
    private final @Nullable Parameter conditioningWeight;
    private final Parameter[] projectionWeights;
    private final @Nullable Parameter projectionBias;
    private final Dropout dropout;
    private final Memory[] firsts;
    private final Memory[] activatedFirsts;
    private final Memory h = memory();
    private final Memory second = memory();
    private final Memory activatedSecond = operandMemory();
    private final Memory out = memory();
    private final Memory addendMemory = memory();
    private final Memory conditioningGradientMemory = memory();
    private boolean dropped;

    Running(ResidualBlockLayer spec, Place place) {
      super(place);
      this.spec = spec;
      this.widths = spec.widths();
      this.channels = spec.channels();
      boolean conditional = spec.scaleShift();
      firstNormalization =
          new GroupNormalization(this, "first", spec.groups(), conditional, widths);
      secondNormalization =
          new GroupNormalization(this, "second", spec.groups(), conditional, channels);
      firstConvolutions = new Convolution[widths.length];
      firsts = new Memory[widths.length];
      activatedFirsts = new Memory[widths.length];
      for (int part = 0; part < widths.length; part++) {
        firstConvolutions[part] =
            convolution("firstWeight" + part, part == 0 ? parameter("firstConvolutionBias") : null);
        firsts[part] = memory();
        activatedFirsts[part] = operandMemory();
      }
      secondConvolution = convolution("secondWeight", parameter("secondConvolutionBias"));
      conditioningWeight = spec.addsConditioning() ? parameter("conditioningWeight") : null;
      projectionWeights = new Parameter[spec.projected() ? widths.length : 0];
      Arrays.setAll(projectionWeights, part -> parameter("projectionWeight" + part));
      projectionBias = spec.projected() ? parameter("projectionBias") : null;
      dropout = new Dropout(this, spec.dropout(), ACTIVATION_MASK);
    }

    private Convolution convolution(String weight, @Nullable Parameter bias) {
      return new Convolution(compute(), parameter(weight), bias, spec.height(), spec.width());
    }

    private Tensor image(Memory memory, Tensor[] inputs, long width) {
      return memory.of(inputs[0].size(0), inputs[0].size(1), width);
    }

    private Tensor scratchImage(Tensor[] inputs, long width) {
      return scratch(inputs[0].size(0), inputs[0].size(1), width);
    }

    private static Tensor rows(Tensor image) {
      return image.reshape(image.size(0) * image.size(1), image.size(2));
    }

    private @Nullable Tensor conditioning(Tensor[] inputs) {
      return spec.conditioningWidth() > 0 ? inputs[widths.length] : null;
    }

    private @Nullable Tensor normalizationConditioning(Tensor[] inputs) {
      return spec.scaleShift() ? inputs[widths.length] : null;
    }

    private Tensor[] images(Tensor[] inputs) {
      return Arrays.copyOf(inputs, widths.length);
    }

    private Tensor[] each(Memory[] memories, Tensor[] inputs) {
      Tensor[] tensors = new Tensor[widths.length];
      Arrays.setAll(tensors, part -> image(memories[part], inputs, widths[part]));
      return tensors;
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      Tensor[] xs = images(inputs);
      Tensor[] arguments = each(firsts, inputs);
      Tensor[] activated = each(activatedFirsts, inputs);
      firstNormalization.forward(xs, normalizationConditioning(inputs), null, arguments);
      Tensor middle = image(h, inputs, channels);
      for (int part = 0; part < xs.length; part++) {
        compute().activate(Activation.SWISH, arguments[part], activated[part]);
        if (part == 0) {
          firstConvolutions[part].forward(activated[part], middle);
        } else {
          Tensor more = scratchImage(inputs, channels);
          firstConvolutions[part].forward(activated[part], more);
          compute().add(middle, more, middle);
        }
      }

      Tensor argument = image(second, inputs, channels);
      Tensor activatedArgument = image(activatedSecond, inputs, channels);
      secondNormalization.forward(
          new Tensor[] {middle},
          normalizationConditioning(inputs),
          addend(inputs),
          new Tensor[] {argument});
      compute().activate(Activation.SWISH, argument, activatedArgument);
      drop(training, argument, activatedArgument);
      Tensor result = image(out, inputs, channels);
      secondConvolution.forward(activatedArgument, result);
      addShortcut(xs, result);
      return result;
    }

    /**
     * Drops entries of the second activation. The slopes of those that are left take the place of
     * the argument, so that nobody need keep the mask.
     */
    private void drop(boolean training, Tensor argument, Tensor activated) {
      long entries = argument.size(1) * channels;
      Tensor mask = dropout.drawOnce(training, argument.size(0), entries);
      dropped = mask != null;
      if (mask != null) {
        Tensor kept = mask.reshape(argument.shape());
        compute().multiply(activated, kept, activated);
        compute().activationGradient(Activation.SWISH, argument, kept, kept);
        compute().copy(kept, argument);
      }
    }

    /** The channels of an image where an input's lie if the inputs are put beside each other. */
    private Tensor channelsOf(Tensor image, int part) {
      int from = part == 0 ? 0 : widths[0];
      return image.interval(2, from, from + widths[part]);
    }

    /** The vector that cond adds to every pixel of h, [B, channels], or null. */
    private @Nullable Tensor addend(Tensor[] inputs) {
      Tensor conditioning = conditioning(inputs);
      if (conditioningWeight == null || conditioning == null) {
        return null;
      }
      Tensor addend = addendMemory.of(conditioning.size(0), channels);
      compute().product(conditioning, conditioningWeight.value(), addend);
      return addend;
    }

    private void addShortcut(Tensor[] xs, Tensor result) {
      if (projectionBias == null) {
        for (int part = 0; part < xs.length; part++) {
          Tensor own = channelsOf(result, part);
          compute().add(own, xs[part], own);
        }
        return;
      }
      for (int part = 0; part < xs.length; part++) {
        compute()
            .product(
                rows(operand(xs[part])), projectionWeights[part].operand(), rows(result), 1, true);
      }
      compute().add(rows(result), projectionBias.value().reshape(1, channels), rows(result));
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      Tensor[] xs = images(inputs);
      Tensor conditioningGradient = null;
      Tensor conditioning = conditioning(inputs);
      if (conditioning != null) {
        conditioningGradient = conditioningGradientMemory.of(conditioning.shape());
        compute().zero(conditioningGradient);
      }
      Tensor dOut = operand(outputGradient);
      Tensor dH = secondHalfBackward(inputs, dOut, conditioningGradient);
      addendBackward(inputs, dH, conditioningGradient);

      Tensor[] arguments = each(firsts, inputs);
      Tensor[] activated = each(activatedFirsts, inputs);
      Tensor[] dFirsts = new Tensor[xs.length];
      Tensor dMiddle = operand(dH);
      for (int part = 0; part < xs.length; part++) {
        dFirsts[part] = scratchImage(inputs, widths[part]);
        firstConvolutions[part].backward(activated[part], dMiddle, dFirsts[part], accumulating());
        compute()
            .activationGradient(Activation.SWISH, arguments[part], dFirsts[part], dFirsts[part]);
      }
      // The arguments were needed for the last time: their memory takes the images' gradients.
      firstNormalization.backward(
          xs, dFirsts, arguments, spec.scaleShift() ? conditioningGradient : null);
      shortcutBackward(xs, outputGradient, dOut, arguments);
      Tensor[] gradients = Arrays.copyOf(arguments, inputs.length);
      if (conditioningGradient != null) {
        gradients[widths.length] = conditioningGradient;
      }
      return gradients;
    }

    /** Carries the gradient of the result back to h. */
    private Tensor secondHalfBackward(
        Tensor[] inputs, Tensor dOut, @Nullable Tensor conditioningGradient) {
      Tensor argument = image(second, inputs, channels);
      Tensor dH = scratchImage(inputs, channels);
      secondConvolution.backward(
          image(activatedSecond, inputs, channels), dOut, dH, accumulating());
      if (dropped) {
        compute().multiply(dH, argument, dH);
      } else {
        compute().activationGradient(Activation.SWISH, argument, dH, dH);
      }
      secondNormalization.backward(
          new Tensor[] {image(h, inputs, channels)},
          new Tensor[] {dH},
          new Tensor[] {dH},
          spec.scaleShift() ? conditioningGradient : null);
      return dH;
    }

    private void addendBackward(Tensor[] inputs, Tensor dH, @Nullable Tensor conditioningGradient) {
      Tensor conditioning = conditioning(inputs);
      if (conditioningWeight == null || conditioning == null || conditioningGradient == null) {
        return;
      }
      Tensor dAddend = scratch(conditioning.size(0), channels);
      compute().sumRows(dH, dAddend, false);
      compute()
          .product(
              conditioning.transposed(), dAddend, conditioningWeight.gradient(), 1, accumulating());
      compute()
          .product(dAddend, conditioningWeight.value().transposed(), conditioningGradient, 1, true);
    }

    /** Adds the gradients that come back through the shortcut. */
    private void shortcutBackward(
        Tensor[] xs, Tensor outputGradient, Tensor dOut, Tensor[] gradients) {
      if (projectionBias == null) {
        for (int part = 0; part < xs.length; part++) {
          compute().add(gradients[part], channelsOf(outputGradient, part), gradients[part]);
        }
        return;
      }
      Tensor dRows = rows(dOut);
      for (int part = 0; part < xs.length; part++) {
        Parameter weight = projectionWeights[part];
        compute()
            .product(
                rows(operand(xs[part])).transposed(), dRows, weight.gradient(), 1, accumulating());
        compute().product(dRows, weight.operand().transposed(), rows(gradients[part]), 1, true);
      }
      compute().sumRows(rows(outputGradient), projectionBias.gradient(), accumulating());
    }
  }
}
