package org.md4j.model.layer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Activation;
import org.md4j.compute.Compute;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

/**
 * Adaptive layer normalisation, "adaLN-zero" (Peebles and Xie, arXiv 2212.09748, section 3.2):
 *
 * <pre>
 * a = activation(cond);  (shift, scale, gate) = a W + b
 * y = LN(x) (1 + scale) + shift                       LN: mean 0, variance 1 over channels, no parameters
 * joined = x + gate * core
 * </pre>
 *
 * <p>The activation and what is added to the variance differ between the reference's networks
 * (reference code b9fbf29): in text (networks/transformer.py, {@code mlp_type = 'glu'}) sigmoid and
 * 1e-5, in images swish and 1e-6.
 *
 * <p>W and b start at zero, so a block starts as the identity. Without gate (the output head) only
 * shift and scale exist.
 */
public final class AdaptiveNormalization implements BlockNormalization {
  private static final double IMAGE_EPSILON = 1e-6;
  private static final int SHIFT = 0;
  private static final int SCALE = 1;
  private static final int GATE = 2;

  private final Layer layer;
  private final Compute compute;
  private final int width;
  private final int parts;
  private final Activation activation;
  private final double epsilon;
  private final Parameter weight;
  private final Parameter bias;
  private final Memory activatedMemory;
  private final Memory modulationMemory;
  private final Memory modulationGradientMemory;
  private final Memory conditioningGradientMemory;
  private final Memory normalized;
  private final Memory mean;
  private final Memory variance;

  /** What the scale of no modulation is, 1, in the row of all parts, [1, parts D]. */
  private final Tensor identity;

  private @Nullable State state;

  /** What the last forward pass left: parts beside each other, [B, parts, D]. */
  private record State(
      Tensor conditioning, Tensor activated, Tensor modulation, @Nullable Tensor mask) {
    State withMask(@Nullable Tensor channelMask) {
      return new State(conditioning, activated, modulation, channelMask);
    }
  }

  private AdaptiveNormalization(
      Layer layer, int width, boolean gated, Activation activation, double epsilon) {
    this.layer = layer;
    this.compute = layer.compute();
    this.width = width;
    this.parts = parts(gated);
    this.activation = activation;
    this.epsilon = epsilon;
    this.weight = layer.parameter("modulationWeight");
    this.bias = layer.parameter("modulationBias");
    this.activatedMemory = layer.memory();
    this.modulationMemory = layer.memory();
    this.modulationGradientMemory = layer.memory();
    this.conditioningGradientMemory = layer.memory();
    this.normalized = layer.operandMemory();
    this.mean = layer.memory();
    this.variance = layer.memory();
    this.identity = layer.memory().of(1, (long) parts * width);
    compute.zero(identity);
    compute.write(
        (from, piece) -> Arrays.fill(piece, 1),
        identity.interval(1, (long) SCALE * width, (SCALE + 1L) * width));
  }

  /** Makes a normalisation of the kind that networks for text have. */
  public static AdaptiveNormalization ofText(Layer layer, int width, boolean gated) {
    return new AdaptiveNormalization(layer, width, gated, Activation.LOGISTIC, EPSILON);
  }

  /** Makes a normalisation of the kind that the transformers within image networks have. */
  public static AdaptiveNormalization ofImages(Layer layer, int width, boolean gated) {
    return new AdaptiveNormalization(layer, width, gated, Activation.SWISH, IMAGE_EPSILON);
  }

  /** Adds the parameters of a normalisation to a layer's layout. */
  public static void addParameters(
      ParameterLayout layout, int width, int conditioningWidth, boolean gated) {
    long columns = (long) parts(gated) * width;
    layout
        .add("modulationWeight", Initialiser.zeros(), conditioningWidth, columns)
        .add("modulationBias", Initialiser.zeros(), columns);
  }

  private static int parts(boolean gated) {
    return gated ? 3 : 2;
  }

  private State state() {
    if (state == null) {
      throw new IllegalStateException("a forward pass must come before a backward pass");
    }
    return state;
  }

  /** A part of what modulates, [B, 1, D], strided. */
  private static Tensor part(Tensor modulation, int number) {
    return modulation.interval(1, number, number + 1L);
  }

  @Override
  public Tensor forward(Tensor x, @Nullable Tensor conditioning) {
    if (conditioning == null) {
      throw new IllegalArgumentException(
          "conditioning must be given to an adaptive normalisation, got none");
    }
    long batch = x.size(0);
    long length = x.size(1);
    Tensor activated = activatedMemory.of(batch, conditioning.size(1));
    compute.activate(activation, conditioning, activated);
    Tensor flat = modulationMemory.of(batch, (long) parts * width);
    compute.affine(activated, weight.value(), bias.value(), flat);
    compute.add(flat, identity, flat);
    Tensor modulation = flat.reshape(batch, parts, width);
    Tensor scale = part(modulation, SCALE);
    state = new State(conditioning, activated, modulation, null);

    Tensor y = normalized.of(batch, length, width);
    compute.layerNorm(
        x,
        scale,
        part(modulation, SHIFT),
        epsilon,
        y,
        mean.of(batch, length),
        variance.of(batch, length));
    return y;
  }

  @Override
  public void join(Tensor core, Tensor x, @Nullable Tensor channelMask, Tensor out) {
    state = state().withMask(channelMask);
    compute.multiplyAdd(core, gate(), x, out);
  }

  /** The factor of the core's result, [B, 1, D]. */
  private Tensor gate() {
    Tensor gate = part(state().modulation(), GATE);
    Tensor mask = state().mask();
    if (mask == null) {
      return gate;
    }
    Tensor masked = layer.scratch(gate.shape());
    compute.multiply(mask.reshape(gate.shape()), gate, masked);
    return masked;
  }

  @Override
  public Tensor joinBackward(Tensor outputGradient, Tensor core) {
    Tensor work = layer.scratch(core.shape());
    compute.multiply(outputGradient, core, work);
    Tensor gateGradient = part(modulationGradient(), GATE);
    compute.sumRows(work, gateGradient, false);
    Tensor mask = state().mask();
    if (mask != null) {
      compute.multiply(gateGradient, mask.reshape(gateGradient.shape()), gateGradient);
    }
    compute.multiply(outputGradient, gate(), work);
    return work;
  }

  private Tensor modulationGradient() {
    return modulationGradientMemory
        .of(state().conditioning().size(0), (long) parts * width)
        .reshape(state().modulation().shape());
  }

  @Override
  public Tensor backward(
      Tensor x, Tensor normalizedGradient, @Nullable Tensor passedGradient, Tensor inputGradient) {
    long batch = x.size(0);
    long length = x.size(1);
    Tensor gradients = modulationGradient();
    compute.layerNormGradient(
        x,
        mean.of(batch, length),
        variance.of(batch, length),
        part(state().modulation(), SCALE),
        epsilon,
        normalizedGradient,
        passedGradient == null ? inputGradient : normalizedGradient,
        part(gradients, SCALE),
        part(gradients, SHIFT));
    if (passedGradient != null) {
      compute.add(normalizedGradient, passedGradient, inputGradient);
    }
    return modulationBackward(gradients.reshape(batch, (long) parts * width));
  }

  private Tensor modulationBackward(Tensor gradients) {
    Tensor conditioning = state().conditioning();
    Tensor activated = state().activated();
    compute.sumRows(gradients, bias.gradient(), layer.accumulating());
    compute.product(activated.transposed(), gradients, weight.gradient(), 1, layer.accumulating());
    Tensor result = conditioningGradientMemory.of(conditioning.shape());
    compute.product(gradients, weight.value().transposed(), result);
    Tensor known = activation == Activation.LOGISTIC ? activated : conditioning;
    compute.activationGradient(activation, known, result, result);
    return result;
  }
}
