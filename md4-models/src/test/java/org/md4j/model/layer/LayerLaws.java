package org.md4j.model.layer;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The laws of {@link LayerProbe} for each of a test's layers: its static method {@code layers}
 * gives names, configurations and inputs of at least two examples.
 */
public abstract class LayerLaws {
  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void backwardEqualsCentralDifferencesAtEveryParameterAndInput(
      String name, LayerSpec configuration, INDArray[] inputs) {
    new LayerProbe(configuration).assertGradients(inputs);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void accumulatingAddsAndNotAccumulatingReplaces(
      String name, LayerSpec configuration, INDArray[] inputs) {
    new LayerProbe(configuration).assertAccumulates(inputs);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void examplesDoNotDependOnEachOther(String name, LayerSpec configuration, INDArray[] inputs) {
    new LayerProbe(configuration).assertExamplesAreIndependent(inputs);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void aConfigurationSurvivesJson(String name, LayerSpec configuration, INDArray[] inputs)
      throws IOException {
    new LayerProbe(configuration).assertSerialises();
  }
}
