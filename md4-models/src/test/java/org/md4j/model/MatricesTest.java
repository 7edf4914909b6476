package org.md4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.junit.jupiter.api.Test;
import org.md4j.model.image.BlockConditioning;
import org.md4j.model.image.ImageDenoiser;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.ParameterMatrix;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Which parameters of our networks are matrices, and where they lie. */
class MatricesTest {
  @Test
  void ofATransformerAreTheWeightsOfItsBlocks() {
    TransformerConfig config =
        TransformerConfig.builder(5, 6)
            .layers(2)
            .heads(2)
            .headSize(4)
            .conditioning(told -> told.classes(3))
            .build();

    assertThat(names(TransformerDenoiser.create(config, 1, DataType.DOUBLE)))
        .containsExactlyInAnyOrder(
            "queryKeyWeight [8, 16]",
            "valueWeight [8, 8]",
            "outputWeight [8, 8]",
            "gateWeight [8, 32]",
            "upWeight [8, 32]",
            "downWeight [32, 8]");
  }

  @Test
  void ofAPyramidAreItsConvolutionsShortcutsAndProjections() {
    UNetConfig config =
        UNetConfig.builder(2, 4, 2)
            .vocabularySize(3)
            .embeddingWidth(4)
            .channels(4)
            .channelMultipliers(List.of(1, 2))
            .blocksPerLevel(1)
            .middle(new Middle.Attention(2))
            .groups(2)
            .build();

    assertThat(names(ImageDenoiser.create(config, 1, DataType.DOUBLE)))
        .containsExactlyInAnyOrder(
            "weight [72, 4]",
            "firstWeight0 [36, 4]",
            "firstWeight0 [36, 8]",
            "firstWeight0 [72, 8]",
            "firstWeight0 [72, 4]",
            "firstWeight1 [72, 8]",
            "firstWeight1 [36, 8]",
            "firstWeight1 [36, 4]",
            "secondWeight [36, 4]",
            "secondWeight [72, 8]",
            "projectionWeight0 [4, 8]",
            "projectionWeight0 [8, 8]",
            "projectionWeight0 [8, 4]",
            "projectionWeight0 [4, 4]",
            "projectionWeight1 [8, 8]",
            "projectionWeight1 [4, 8]",
            "projectionWeight1 [4, 4]",
            "queryKeyValueWeight [8, 24]",
            "outputWeight [8, 8]");
  }

  @Test
  void ofAPatchTransformerAreItsWeightsAndThoseOfItsPatches() {
    UNetConfig config =
        UNetConfig.builder(4, 2, 1)
            .vocabularySize(3)
            .embeddingWidth(4)
            .channels(4)
            .blocksPerLevel(1)
            .middle(Middle.Transformer.builder().layers(1).width(8).heads(2).patch(2).build())
            .blockConditioning(BlockConditioning.SCALE_SHIFT)
            .groups(2)
            .build();

    assertThat(names(ImageDenoiser.create(config, 1, DataType.DOUBLE)))
        .contains(
            "patchWeight [16, 8]",
            "queryKeyValueWeight [8, 24]",
            "outputWeight [8, 8]",
            "hiddenWeight [8, 32]",
            "outputWeight [32, 8]",
            "pixelWeight [8, 16]")
        .noneMatch(
            name ->
                name.matches("(?i).*(embedding|position|modulation|conditioning|logit|bias).*"));
  }

  @Test
  void anUnmarkedParameterIsNoneAndAMatrixHasTwoSizes() {
    ParameterLayout layout =
        new ParameterLayout()
            .add("table", Initialiser.zeros(), 5, 2)
            .addMatrix("kernel", Initialiser.zeros(), 3, 3, 2, 7)
            .add("bias", Initialiser.zeros(), 7)
            .addMatrix("weight", Initialiser.zeros(), 7, 4);

    assertThat(layout.matrices())
        .containsExactly(new ParameterMatrix(10, 18, 7), new ParameterMatrix(143, 7, 4));
    assertThat(layout.matrices().get(1).shifted(100)).isEqualTo(new ParameterMatrix(243, 7, 4));
    assertThatThrownBy(() -> layout.addMatrix("vector", Initialiser.zeros(), 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape of the matrix vector must have at least 2 sizes, got 1");
    assertThatThrownBy(() -> new ParameterMatrix(-1, 1, 1)).hasMessageContaining("offset (-1)");
    assertThatThrownBy(() -> new ParameterMatrix(0, 0, 1)).hasMessageContaining("fanIn (0)");
  }

  /** The matrices by their layers' names for them, each checked to lie where that view does. */
  private static Set<String> names(GraphDenoiser network) {
    INDArray parameters = network.parameters();
    double[] places = new double[(int) parameters.length()];
    Arrays.setAll(places, i -> i);
    parameters.assign(Nd4j.createFromArray(places));
    List<ParameterMatrix> matrices = network.matrices();
    Set<String> names = new TreeSet<>();
    List<ParameterMatrix> found = new ArrayList<>();
    for (GraphVertex vertex : network.graph().getVertices()) {
      if (vertex.paramTable(true) == null) {
        continue;
      }
      for (Map.Entry<String, INDArray> named : vertex.paramTable(true).entrySet()) {
        INDArray view = named.getValue();
        for (ParameterMatrix matrix : matrices) {
          if (matrix.offset() == view.ravel().getLong(0)) {
            assertThat(matrix.count()).isEqualTo(view.length());
            assertThat(matrix.fanOut()).isEqualTo(view.size(view.rank() - 1));
            found.add(matrix);
            names.add(
                named.getKey()
                    + " "
                    + Arrays.toString(new long[] {matrix.fanIn(), matrix.fanOut()}));
          }
        }
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(matrices);
    for (int i = 1; i < matrices.size(); i++) {
      assertThat(matrices.get(i).offset()).isGreaterThanOrEqualTo(matrices.get(i - 1).end());
    }
    return names;
  }
}
