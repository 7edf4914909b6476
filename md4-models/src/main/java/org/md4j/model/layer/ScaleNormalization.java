package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

/**
 * Root-mean-square normalisation with a learned scale, for networks without conditioning (reference
 * code b9fbf29, networks/transformer.py):
 *
 * <pre>
 * y = g x / sqrt(mean(x²) + 1e-5);  joined = x + core
 * </pre>
 *
 * <p>g starts at one.
 */
final class ScaleNormalization implements BlockNormalization {
  private final Layer layer;
  private final Compute compute;
  private final int width;
  private final Parameter scale;
  private final Memory normalized;
  private final Memory reciprocalRoot;
  private @Nullable Tensor channelMask;

  ScaleNormalization(Layer layer, int width) {
    this.layer = layer;
    this.compute = layer.compute();
    this.width = width;
    this.scale = layer.parameter("scale");
    this.normalized = layer.operandMemory();
    this.reciprocalRoot = layer.memory();
  }

  static void addParameters(ParameterLayout layout, int width) {
    layout.add("scale", Initialiser.ones(), width);
  }

  @Override
  public Tensor forward(Tensor x, @Nullable Tensor conditioning) {
    Tensor y = normalized.of(x.shape());
    compute.rootMeanSquareNorm(
        x, scale.value(), EPSILON, y, reciprocalRoot.of(x.size(0), x.size(1)));
    return y;
  }

  @Override
  public void join(Tensor core, Tensor x, @Nullable Tensor mask, Tensor out) {
    channelMask = mask == null ? null : mask.reshape(mask.size(0), 1, width);
    if (channelMask == null) {
      compute.add(core, x, out);
    } else {
      compute.multiplyAdd(core, channelMask, x, out);
    }
  }

  @Override
  public Tensor joinBackward(Tensor outputGradient, Tensor core) {
    if (channelMask == null) {
      return outputGradient;
    }
    Tensor coreGradient = layer.scratch(core.shape());
    compute.multiply(outputGradient, channelMask, coreGradient);
    return coreGradient;
  }

  @Override
  public @Nullable Tensor backward(
      Tensor x, Tensor normalizedGradient, @Nullable Tensor passedGradient, Tensor inputGradient) {
    compute.rootMeanSquareNormGradient(
        x,
        reciprocalRoot.of(x.size(0), x.size(1)),
        scale.value(),
        EPSILON,
        normalizedGradient,
        passedGradient == null ? inputGradient : normalizedGradient,
        scale.gradient(),
        layer.accumulating());
    if (passedGradient != null) {
      compute.add(normalizedGradient, passedGradient, inputGradient);
    }
    return null;
  }
}
