package org.md4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.md4j.model.layer.ClassEmbeddingLayer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.LayerVertex;
import org.md4j.model.layer.TimeConditioningLayer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The beginning that the graphs of all denoisers have in common: the inputs that {@link
 * GraphDenoiser} gives, and what the network is told beside its tokens.
 *
 * <pre>
 * tokens [B, N], positions [P]
 * time [B, C] ───▶ conditioning
 * labels [B] ────▶ classes ─┘
 * </pre>
 *
 * <p>A network that is told only one of time and class has only that one's input; without time the
 * class vectors are the conditioning themselves (as in the reference code b9fbf29,
 * models/backward.py).
 *
 * <p>Workspaces are off: every layer owns its memory, so there is nothing left for them to save.
 */
public final class DenoiserGraph {
  /** The input of token ids. */
  public static final String TOKENS = "tokens";

  /** The input of wanted positions. */
  public static final String POSITIONS = "positions";

  private static final String CONDITIONING = "conditioning";
  private static final String CLASSES = "classes";

  private final ComputationGraphConfiguration.GraphBuilder graph;
  private final boolean timed;
  private final int conditioningWidth;

  /**
   * Begins a graph with its inputs and its conditioning.
   *
   * @param timed true if the network is told the time
   * @param classes number K of classes, or 0 for a network that is told no labels
   * @param width width C of the conditioning, if there is any
   */
  public DenoiserGraph(DataType type, boolean timed, int classes, int width) {
    this.timed = timed;
    this.conditioningWidth = timed || classes > 0 ? width : 0;
    this.graph =
        new NeuralNetConfiguration.Builder()
            .dataType(type)
            .miniBatch(false)
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .graphBuilder();
    List<String> inputs = new ArrayList<>(List.of(TOKENS, POSITIONS));
    List<String> conditions = new ArrayList<>();
    if (timed) {
      inputs.add("time");
      conditions.add("time");
    }
    if (classes > 0) {
      inputs.add("labels");
      conditions.add(CLASSES);
    }
    graph.addInputs(inputs);
    if (classes > 0) {
      add(CLASSES, new ClassEmbeddingLayer(classes + 1, width), "labels");
    }
    if (timed) {
      add(
          CONDITIONING,
          new TimeConditioningLayer(width, classes > 0),
          conditions.toArray(String[]::new));
    }
  }

  /** The width C of the conditioning, or 0 if the network is told neither time nor class. */
  public int conditioningWidth() {
    return conditioningWidth;
  }

  /** Adds a layer and returns its name. */
  public String add(String name, LayerSpec layer, String... inputs) {
    graph.addVertex(name, new LayerVertex(layer), inputs);
    return name;
  }

  /** Adds a layer that is given the conditioning last, if there is any, and returns its name. */
  public String addConditioned(String name, LayerSpec layer, String... inputs) {
    if (conditioningWidth == 0) {
      return add(name, layer, inputs);
    }
    String[] all = Arrays.copyOf(inputs, inputs.length + 1);
    all[inputs.length] = timed ? CONDITIONING : CLASSES;
    return add(name, layer, all);
  }

  /** Returns the configuration; a layer {@link GraphDenoiser#LOGITS} must have been added. */
  public ComputationGraphConfiguration build() {
    return graph.setOutputs(GraphDenoiser.LOGITS).build();
  }
}
