package org.md4j.model.own;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.TokenBatch;
import org.md4j.model.DenoiserGraph;
import org.md4j.model.GraphDenoiser;
import org.md4j.model.layer.text.LogitHeadLayer;
import org.md4j.model.layer.text.TokenEmbeddingLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network of a user's: our embedding, two layers of their own, our head. */
public final class MixingDenoiser extends GraphDenoiser {
  private static final int LAYERS = 2;

  private final MixingConfig config;

  private MixingDenoiser(MixingConfig config, INDArray parameters, ComputeBackend backend) {
    super(config, layers(config, parameters.dataType()), 0, parameters, backend);
    this.config = config;
  }

  /** Makes a network with parameters drawn from the seed. */
  static MixingDenoiser create(
      MixingConfig config, long seed, DataType type, ComputeBackend backend) {
    MixingDenoiser made =
        new MixingDenoiser(config, newParameters(layers(config, type), type), backend);
    made.initialise(seed);
    return made;
  }

  private static ComputationGraphConfiguration layers(MixingConfig config, DataType type) {
    int width = config.width();
    DenoiserGraph graph = new DenoiserGraph(type, false, 0, width);
    String last =
        graph.add(
            "embedding",
            new TokenEmbeddingLayer(config.vocabularySize() + 1, width, width, false, 0),
            DenoiserGraph.TOKENS);
    for (int layer = 0; layer < LAYERS; layer++) {
      last = graph.add("mixing" + layer, new MixingLayer(config.length(), width), last);
    }
    graph.add(
        LOGITS,
        new LogitHeadLayer(width, config.vocabularySize(), 0),
        DenoiserGraph.POSITIONS,
        last);
    return graph.build();
  }

  @Override
  public MixingConfig config() {
    return config;
  }

  @Override
  public MixingDenoiser replica() {
    return new MixingDenoiser(config, parameters(), backend());
  }

  @Override
  protected int[] rowsToRead(TokenBatch tokens) {
    return tokens.toFlat();
  }
}
