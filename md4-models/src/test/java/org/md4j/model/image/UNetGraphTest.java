package org.md4j.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.databind.JsonNode;

/** What neither numbers of parameters nor gradients tell of a network's layers. */
class UNetGraphTest {
  private static final double DROPOUT = 0.3;

  private static final int HEADS = 2;

  /** With residual blocks on the way down and up, and what the middle has. */
  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of(UNets.pyramid(), 2 + 4 + 2), Arguments.of(UNets.transformer(), 1 + 2 + 2));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void everyLayerThatDropsDropsAsOftenAndAttentionHasTheHeads(UNetConfig config, int dropping)
      throws IOException {
    String json =
        UNetGraph.configuration(config.toBuilder().dropout(DROPOUT).build(), DataType.FLOAT)
            .toJson();
    JsonNode graph = NeuralNetConfiguration.mapper().readTree(json);

    assertThat(graph.findValues("dropout"))
        .hasSize(dropping)
        .allMatch(value -> value.doubleValue() == DROPOUT);
    assertThat(graph.findValues("heads")).hasSize(1).allMatch(value -> value.intValue() == HEADS);
  }
}
