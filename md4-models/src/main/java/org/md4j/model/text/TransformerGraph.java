package org.md4j.model.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.md4j.model.GraphDenoiser;
import org.md4j.model.layer.ClassEmbeddingConfiguration;
import org.md4j.model.layer.DenoiserLayerConfiguration;
import org.md4j.model.layer.FeedForwardConfiguration;
import org.md4j.model.layer.LogitHeadConfiguration;
import org.md4j.model.layer.SelfAttentionConfiguration;
import org.md4j.model.layer.TimeConditioningConfiguration;
import org.md4j.model.layer.TokenEmbeddingConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Assembles a {@link TransformerConfig} as a DL4J graph.
 *
 * <pre>
 * tokens [B, N] ─▶ embedding ─▶ attention0 ─▶ feedForward0 ─▶ ... ─▶ logits [P, V]
 * time [B, C] ───▶ conditioning ──┴──────────────┴──────────────────────┤
 * labels [B] ────▶ classes ─┘                                           │
 * positions [P] ────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>A network that is told only one of time and class has only that one's input; without time the
 * class vectors are the conditioning themselves (as in the reference code b9fbf29,
 * models/backward.py).
 *
 * <p>Workspaces are off: every layer owns its memory, so there is nothing left for them to save.
 */
final class TransformerGraph {
  private static final String CONDITIONING = "conditioning";
  private static final String CLASSES = "classes";

  private TransformerGraph() {}

  static ComputationGraphConfiguration configuration(TransformerConfig config, DataType type) {
    int conditioningWidth = config.conditioned() ? config.headSize() : 0;
    ComputationGraphConfiguration.GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .dataType(type)
            .miniBatch(false)
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .graphBuilder();
    List<String> inputs = new ArrayList<>(List.of("tokens", "positions"));
    List<String> conditions = new ArrayList<>();
    if (config.timeConditioned()) {
      inputs.add("time");
      conditions.add("time");
    }
    if (config.classes() > 0) {
      inputs.add("labels");
      conditions.add(CLASSES);
    }
    graph.addInputs(inputs);
    if (config.classes() > 0) {
      graph.addVertex(
          CLASSES,
          new ClassEmbeddingConfiguration(config.classes() + 1, conditioningWidth),
          "labels");
    }
    if (config.timeConditioned()) {
      graph.addVertex(
          CONDITIONING,
          new TimeConditioningConfiguration(conditioningWidth, config.classes() > 0),
          conditions.toArray(String[]::new));
    }
    int width = config.width();
    int embeddingWidth = config.outsideEmbedding() ? config.headSize() : width;
    graph.addVertex(
        "embedding",
        new TokenEmbeddingConfiguration(
            config.vocabularySize() + 1,
            embeddingWidth,
            width,
            config.outsideEmbedding(),
            config.dropout()),
        "tokens");
    String previous = "embedding";
    double feedForwardScale = config.depthScaledInitialiser() ? 2.0 / config.layers() : 1;
    for (int layer = 0; layer < config.layers(); layer++) {
      previous =
          add(
              graph,
              "attention" + layer,
              new SelfAttentionConfiguration(
                  config.heads(),
                  config.headSize(),
                  conditioningWidth,
                  config.dropout(),
                  config.causal()),
              config,
              previous);
      previous =
          add(
              graph,
              "feedForward" + layer,
              new FeedForwardConfiguration(
                  width,
                  config.feedForwardWidth(),
                  feedForwardScale,
                  conditioningWidth,
                  config.dropout()),
              config,
              previous);
    }
    add(
        graph,
        GraphDenoiser.LOGITS,
        new LogitHeadConfiguration(width, config.vocabularySize(), conditioningWidth),
        config,
        "positions",
        previous);
    return graph.setOutputs(GraphDenoiser.LOGITS).build();
  }

  private static String add(
      ComputationGraphConfiguration.GraphBuilder graph,
      String name,
      DenoiserLayerConfiguration layer,
      TransformerConfig config,
      String... inputs) {
    String[] all = inputs;
    if (config.conditioned()) {
      all = Arrays.copyOf(inputs, inputs.length + 1);
      all[inputs.length] = config.timeConditioned() ? CONDITIONING : CLASSES;
    }
    graph.addVertex(name, layer, all);
    return name;
  }
}
