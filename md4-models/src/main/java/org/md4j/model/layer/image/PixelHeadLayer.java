package org.md4j.model.layer.image;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Activation;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * The output head of image networks (reference code b9fbf29, networks/unet.py and uvit.py) at the
 * wanted positions only: positions [P], I32, x [B, HW, channels] and, if conditioned, cond [B, C]
 * to logits [P, V],
 *
 * <pre>
 * logits = conv3x3(swish(norm(x)))[positions]      S V channels, V for each colour; zero at the start
 * </pre>
 *
 * <p>Half the positions are masked on average in training. Their 3x3 patches are gathered and
 * multiplied with the weights of their colour, {@link WantedPatches}; the way back gathers too.
 * Only when nearly everything is wanted and no backward pass follows is the whole convolution
 * cheaper, and then it is what runs, if no peak is added; the two differ by rounding. Weights with
 * a smooth part over the values are put together once a forward pass.
 *
 * @param colours S, tokens of a pixel (its sub-pixels)
 * @param vocabularySize V
 * @param groups groups of the group normalisation
 * @param conditioningWidth C if cond scales and shifts the normalised image, else 0
 * @param cosines cosines over the values that weights have a smooth part of, at most V; 0 for none
 * @param reach rows and columns from a pixel to the furthest known values that a peak of its logits
 *     is predicted from ({@link ValuePeak}); 0 for no peak. With one, the tokens [B, HWS], I32, are
 *     an input after x.
 */
public record PixelHeadLayer(
    int height,
    int width,
    int channels,
    int colours,
    int vocabularySize,
    int groups,
    int conditioningWidth,
    int cosines,
    int reach)
    implements LayerSpec {
  /** Rejects groups that do not divide the channels, and more cosines than values. */
  public PixelHeadLayer {
    Requirements.requireGroups(groups, channels);
    Requirements.requireNotNegative("cosines", cosines);
    Requirements.requireNotNegative("reach", reach);
    if (cosines > vocabularySize) {
      throw new IllegalArgumentException(
          "cosines (" + cosines + ") must be at most vocabularySize, got " + vocabularySize);
    }
  }

  @Override
  public ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    GroupNormalization.addParameters(layout, "norm", channels, conditioningWidth);
    LogitKernel.addParameters(layout, channels, colours, vocabularySize, cosines);
    layout.add("logitBias", Initialiser.zeros(), (long) colours * vocabularySize);
    if (reach > 0) {
      ValuePeak.addParameters(layout, channels, colours, reach);
    }
    return layout;
  }

  @Override
  public int inputCount() {
    return 2 + (reach > 0 ? 1 : 0) + (conditioningWidth > 0 ? 1 : 0);
  }

  @Override
  public Layer layer(Place place) {
    return new Running(this, place);
  }

  private static final class Running extends Layer {
    /** The share of wanted positions from which on the whole convolution is cheaper. */
    private static final double DENSE_SHARE = 0.8;

    private final PixelHeadLayer spec;
    private final int channels;
    private final int colours;
    private final int vocabularySize;
    private final GroupNormalization normalization;
    private final LogitKernel kernel;
    private final Parameter bias = parameter("logitBias");
    private final ColourLinear linear;
    private final @Nullable ValuePeak peak;
    private final Memory argument = memory();
    private final Memory activation = operandMemory();
    private final Memory patches = operandMemory();
    private final Memory everything = memory();
    private final Memory logits = memory();
    private final Memory inputGradient = memory();
    private final Memory conditioningGradient = memory();

    /**
     * What the backward pass needs.
     *
     * @param patches patches of the wanted positions by colour, [R, 9 C]
     */
    private record Saved(WantedPatches wanted, Tensor patches) {}

    private @Nullable Saved saved;

    Running(PixelHeadLayer spec, Place place) {
      super(place);
      this.spec = spec;
      this.channels = spec.channels();
      this.colours = spec.colours();
      this.vocabularySize = spec.vocabularySize();
      this.normalization =
          new GroupNormalization(
              this, "norm", spec.groups(), spec.conditioningWidth() > 0, channels);
      this.kernel = LogitKernel.of(this, colours, vocabularySize, spec.cosines());
      this.linear = new ColourLinear(this, kernel, bias, colours, vocabularySize);
      this.peak =
          spec.reach() > 0 ? new ValuePeak(this, colours, vocabularySize, spec.reach()) : null;
    }

    private @Nullable Tensor conditioning(Tensor[] inputs) {
      return spec.conditioningWidth() > 0 ? inputs[inputs.length - 1] : null;
    }

    private static long pixels(Tensor x) {
      return x.size(0) * x.size(1);
    }

    /** Returns the activation with one row of zeros after it, for what lies outside, [M + 1, C]. */
    private Tensor activationRows(Tensor x) {
      return activation.of(pixels(x) + 1, channels);
    }

    private static Tensor rows(Tensor matrix, long from, long to) {
      return matrix.interval(0, from, to);
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      long wanted = inputs[0].length();
      return peak == null && !training && wanted > DENSE_SHARE * pixels(inputs[1]) * colours
          ? everywhere(inputs)
          : atPatches(inputs);
    }

    /** Normalises and activates x, [B HW, C], with a row of zeros after it in memory. */
    private Tensor activated(Tensor[] inputs) {
      Tensor x = inputs[1];
      Tensor z = argument.of(x.shape());
      normalization.forward(new Tensor[] {x}, conditioning(inputs), null, new Tensor[] {z});
      Tensor activated = rows(activationRows(x), 0, pixels(x));
      compute().activate(Activation.SWISH, z, activated.reshape(x.shape()));
      return activated;
    }

    private Tensor logitsMemory(long wanted) {
      Tensor given = replica().logitsMemory();
      return given == null ? logits.of(wanted, vocabularySize) : given;
    }

    private Tensor everywhere(Tensor[] inputs) {
      saved = null;
      Tensor positions = inputs[0];
      long batch = inputs[1].size(0);
      long all = pixels(inputs[1]) * colours;
      boolean wantsAll = positions.length() == all;
      Tensor activated = image(activated(inputs), batch);
      Tensor result = wantsAll ? logitsMemory(all) : everything.of(all, vocabularySize);
      compute().convolve(activated, kernel.forward(), bias.value(), image(result, batch));
      if (wantsAll) {
        return result;
      }
      Tensor chosen = logitsMemory(positions.length());
      compute().gatherRows(result, positions, chosen);
      return chosen;
    }

    /** Returns rows of channels as images, [B, H, W, channels], a view. */
    private Tensor image(Tensor rows, long batch) {
      long height = spec.height();
      long width = spec.width();
      return rows.reshape(batch, height, width, rows.length() / (batch * height * width));
    }

    /**
     * Computes the wanted logits alone. Scratch memory as large as the logits is taken before any
     * other, as in the backward pass: so both take the same.
     */
    private Tensor atPatches(Tensor[] inputs) {
      Tensor positions = inputs[0];
      WantedPatches wanted =
          new WantedPatches(
              positions.array().toIntVector(),
              Math.toIntExact(inputs[1].size(0)),
              spec.height(),
              spec.width(),
              colours);
      Tensor byColour = scratch(wanted.rows(), vocabularySize);
      if (peak == null) {
        linear.forward(wanted, patches(inputs, wanted), byColour, false);
      } else {
        Tensor roots = scratch(byColour.shape());
        Tensor patches = patches(inputs, wanted);
        peak.forward(inputs[2], wanted, patches, roots, byColour);
        linear.forward(wanted, patches, byColour, true);
      }
      Tensor result = logitsMemory(positions.length());
      if (colours == 1) {
        compute().copy(rows(byColour, 0, positions.length()), result);
      } else {
        compute().gatherRows(byColour, Tensor.of(wanted.rowsOfCells()), result);
      }
      return result;
    }

    /**
     * Gathers the activated patches of the wanted positions by colour, [R, 9 C], and keeps them.
     */
    private Tensor patches(Tensor[] inputs, WantedPatches wanted) {
      activated(inputs);
      Tensor x = inputs[1];
      Tensor activated = activationRows(x);
      compute().zero(rows(activated, pixels(x), pixels(x) + 1));
      Tensor gathered = patches.of(wanted.rows() * (long) WantedPatches.TAPS, channels);
      compute().gatherRows(activated, Tensor.of(wanted.patches()), gathered);
      Tensor rows = gathered.reshape(wanted.rows(), (long) WantedPatches.TAPS * channels);
      saved = new Saved(wanted, rows);
      return rows;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      Tensor x = inputs[1];
      Saved state = Objects.requireNonNull(saved, "a forward pass for training must come before");
      Tensor dByColour = scratch(state.wanted().rows(), vocabularySize);
      compute().zero(dByColour);
      compute().scatterRows(outputGradient, Tensor.of(state.wanted().rowsOfCells()), dByColour);
      Tensor dX = inputGradient.of(x.shape());
      activationBackward(state, dByColour, dX.reshape(pixels(x), channels));
      compute().activationGradient(Activation.SWISH, argument.of(x.shape()), dX, dX);
      Tensor dConditioning = null;
      Tensor conditioning = conditioning(inputs);
      if (conditioning != null) {
        dConditioning = conditioningGradient.of(conditioning.shape());
        compute().zero(dConditioning);
      }
      normalization.backward(new Tensor[] {x}, new Tensor[] {dX}, new Tensor[] {dX}, dConditioning);
      Tensor[] gradients = new Tensor[inputs.length];
      gradients[1] = dX;
      if (dConditioning != null) {
        gradients[inputs.length - 1] = dConditioning;
      }
      return gradients;
    }

    /** Writes the gradients of weights and biases, and that of the activation. */
    private void activationBackward(Saved state, Tensor dByColour, Tensor dActivation) {
      WantedPatches wanted = state.wanted();
      long taps = WantedPatches.TAPS;
      long count = dByColour.size(0);
      // One row more, of zeros, for pixels that are no part of a patch.
      Tensor dPatches = scratch(count + 1, taps * channels);
      compute().zero(rows(dPatches, count, count + 1));
      Tensor dRows = rows(dPatches, 0, count);
      linear.backward(wanted, state.patches(), dByColour, dRows, false);
      if (peak != null) {
        peak.backward(wanted, state.patches(), dByColour, dRows);
      }
      Tensor pieces = dPatches.reshape((count + 1) * taps, channels);
      Tensor piece = scratch(dActivation.shape());
      compute().zero(dActivation);
      for (int[] places : wanted.places(Math.toIntExact(count * taps))) {
        compute().gatherRows(pieces, Tensor.of(places), piece);
        compute().add(dActivation, piece, dActivation);
      }
    }
  }
}
