package org.md4j.model.layer;

import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The feed-forward half of a transformer block (reference code b9fbf29, networks/transformer.py),
 * with the sigmoid gate of {@code mlp_type = 'glu'}:
 *
 * <pre>
 * h = norm(x; cond)
 * out = x + gate * (sigmoid(h Wg) * (h Wu)) Wd
 * </pre>
 *
 * <p>No bias. In training, dropout acts by whole channels of an example on the result of Wd.
 *
 * <p>Computed as {@code sigmoid(z) = (1 + tanh(z/2)) / 2}, with both halves moved into the factors
 * of the matrix products: tanh is the one squashing function that M2.1 runs through oneDNN.
 */
final class FeedForwardLayer extends ResidualLayer {
  private static final int CHANNEL_MASK = 0;

  /**
   * The arrays that the backward pass needs; {@code twiceGate} = 1 + tanh(z/2), {@code product} =
   * twiceGate * up.
   */
  private record Saved(INDArray h, INDArray twiceGate, INDArray up, INDArray product) {}

  private final int width;
  private final int hidden;
  private @Nullable Saved saved;

  FeedForwardLayer(
      FeedForwardConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(
        configuration,
        configuration.width(),
        layer ->
            BlockNormalization.of(
                layer, configuration.width(), configuration.conditioningWidth(), true),
        configuration.dropout(),
        CHANNEL_MASK,
        graph,
        name,
        index,
        parameters,
        type);
    this.width = configuration.width();
    this.hidden = configuration.hiddenWidth();
  }

  @Override
  INDArray core(INDArray h, long batch, long length, boolean training) {
    long rows = batch * length;
    INDArray twiceGate = buffers().matrix("twiceGate", rows, hidden);
    INDArray up = buffers().matrix("up", rows, hidden);
    INDArray product = buffers().matrix("product", rows, hidden);
    Operations.product(h, parameter("gateWeight"), twiceGate, 0.5, 0);
    Operations.product(h, parameter("upWeight"), up, 1, 0);
    Operations.tanhInPlace(twiceGate);
    twiceGate.addi(1);
    twiceGate.muli(up, product);
    INDArray core = buffers().matrix("core", rows, width);
    Operations.product(product, parameter("downWeight"), core, 0.5, 0);
    saved = new Saved(h, twiceGate, up, product);
    return core;
  }

  @Override
  INDArray coreBackward(INDArray dCore, long batch, long length) {
    Saved state = Objects.requireNonNull(saved);
    long rows = batch * length;
    double beta = context().gradientBeta();
    Operations.productTransposedFirst(state.product(), dCore, gradient("downWeight"), 0.5, beta);
    INDArray dProduct = scratch().matrix("feedForward.dProduct", rows, hidden);
    Operations.productTransposedSecond(dCore, parameter("downWeight"), dProduct, 0.5, 0);

    // With T = 1 + tanh(z/2): dT/dz = T (2 - T) / 2, so dz = dProduct * up * T * (2 - T) / 2 =
    // dProduct * product * (2 - T) / 2.
    // The last half is left to the products below.
    INDArray twiceDz = scratch().matrix("feedForward.twiceDz", rows, hidden);
    state.twiceGate().rsubi(2, twiceDz);
    twiceDz.muli(state.product()).muli(dProduct);
    INDArray dUp = dProduct.muli(state.twiceGate());

    Operations.productTransposedFirst(state.h(), twiceDz, gradient("gateWeight"), 0.5, beta);
    Operations.productTransposedFirst(state.h(), dUp, gradient("upWeight"), 1, beta);
    INDArray dH = scratch().matrix("block.dH", rows, width);
    Operations.productTransposedSecond(twiceDz, parameter("gateWeight"), dH, 0.5, 0);
    Operations.productTransposedSecond(dUp, parameter("upWeight"), dH, 1, 1);
    return dH;
  }
}
