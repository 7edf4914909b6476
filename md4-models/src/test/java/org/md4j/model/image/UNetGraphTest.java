package org.md4j.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
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

  /**
   * Of six octaves are the features, of 32 cosines the smooth part, or of as many as values; a peak
   * is predicted from values two rows and columns away.
   */
  @ParameterizedTest
  @CsvSource({"3, 3", "31, 31", "32, 32", "33, 32", "256, 32"})
  void valuesKnowTheirNeighboursOnlyIfAsked(int values, int cosines) throws IOException {
    UNetConfig papers = UNets.pyramid().toBuilder().vocabularySize(values).build();
    UNetConfig features =
        papers.toBuilder().valueEmbedding(ValueEmbedding.FOURIER_FEATURES).build();
    UNetConfig smooth = papers.toBuilder().logitHead(LogitHead.SMOOTH).build();
    UNetConfig predictive = papers.toBuilder().logitHead(LogitHead.PREDICTIVE).build();

    assertThat(numbers(papers, "octaves")).containsExactly(0);
    assertThat(numbers(papers, "cosines")).containsExactly(0);
    assertThat(numbers(features, "octaves")).containsExactly(6);
    assertThat(numbers(features, "cosines")).containsExactly(0);
    assertThat(numbers(smooth, "octaves")).containsExactly(0);
    assertThat(numbers(smooth, "cosines")).containsExactly(cosines);
    assertThat(numbers(smooth, "reach")).containsExactly(0);
    assertThat(numbers(predictive, "cosines")).containsExactly(cosines);
    assertThat(numbers(predictive, "reach")).containsExactly(2);
  }

  private static List<Integer> numbers(UNetConfig config, String name) throws IOException {
    String json = UNetGraph.configuration(config, DataType.FLOAT).toJson();
    return NeuralNetConfiguration.mapper().readTree(json).findValues(name).stream()
        .map(JsonNode::intValue)
        .toList();
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
