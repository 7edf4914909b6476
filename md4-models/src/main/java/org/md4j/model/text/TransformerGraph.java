package org.md4j.model.text;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.md4j.model.DenoiserGraph;
import org.md4j.model.GraphDenoiser;
import org.md4j.model.layer.text.FeedForwardLayer;
import org.md4j.model.layer.text.LogitHeadLayer;
import org.md4j.model.layer.text.NgramEmbeddingLayer;
import org.md4j.model.layer.text.SelfAttentionLayer;
import org.md4j.model.layer.text.TokenEmbeddingLayer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Assembles a {@link TransformerConfig} as a DL4J graph.
 *
 * <pre>
 * tokens [B, N] ─▶ embedding [─▶ ngrams] ─▶ attention0 ─▶ feedForward0 ─▶ ... ─▶ feedForwardL ─▶ logits [P, V]
 * time [B, C] ───▶ conditioning ──┴──────────────┴───────────────────────┤──────────────┤
 * labels [B] ────▶ classes ─┘                                            │              │
 * positions [P] ─────────────────────────────────────────────────────────┴──────────────┘
 * </pre>
 */
final class TransformerGraph {
  private TransformerGraph() {}

  static ComputationGraphConfiguration configuration(TransformerConfig config, DataType type) {
    DenoiserGraph graph =
        new DenoiserGraph(
            type, config.conditioning().tellsTime(), config.classes(), config.headSize());
    int conditioningWidth = graph.conditioningWidth();
    int width = config.width();
    boolean causal = config.attention() == Attention.CAUSAL;
    boolean outside = config.embedding() == TokenEmbedding.OUTSIDE;
    int embeddingWidth = outside ? config.headSize() : width;
    graph.add(
        "embedding",
        new TokenEmbeddingLayer(
            config.vocabularySize() + 1, embeddingWidth, width, outside, config.dropout()),
        DenoiserGraph.TOKENS);
    String previous = "embedding";
    NgramEmbedding ngrams = config.ngrams();
    if (ngrams.tellsAnything()) {
      previous =
          graph.add(
              "ngrams",
              new NgramEmbeddingLayer(
                  config.vocabularySize() + 1,
                  ngrams.orders(),
                  ngrams.rows(),
                  ngrams.width(),
                  width,
                  causal),
              DenoiserGraph.TOKENS,
              previous);
    }
    double feedForwardScale =
        switch (config.initialiser()) {
          case DEPTH_SCALED -> 2.0 / config.layers();
          case FAN_IN -> 1;
        };
    for (int layer = 0; layer < config.layers(); layer++) {
      previous =
          graph.addConditioned(
              "attention" + layer,
              new SelfAttentionLayer(
                  config.heads(),
                  config.headSize(),
                  conditioningWidth,
                  config.dropout(),
                  causal,
                  config.shortConvolution()),
              previous);
      boolean last = layer == config.layers() - 1;
      FeedForwardLayer feedForward =
          new FeedForwardLayer(
              width,
              config.feedForwardWidth(),
              feedForwardScale,
              conditioningWidth,
              config.dropout(),
              last,
              config.shortConvolution(),
              causal);
      String name = "feedForward" + layer;
      previous =
          last
              ? graph.addConditioned(name, feedForward, previous, DenoiserGraph.POSITIONS)
              : graph.addConditioned(name, feedForward, previous);
    }
    graph.addConditioned(
        GraphDenoiser.LOGITS,
        new LogitHeadLayer(width, config.vocabularySize(), conditioningWidth),
        DenoiserGraph.POSITIONS,
        previous);
    return graph.build();
  }
}
