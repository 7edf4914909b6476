package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.Uniforms;
import org.md4j.model.layer.image.PatchAttentionLayer;
import org.md4j.model.layer.image.PatchEmbeddingLayer;
import org.md4j.model.layer.image.PatchFeedForwardLayer;
import org.md4j.model.layer.image.PatchProjectionLayer;
import org.md4j.model.layer.image.PixelEmbeddingLayer;
import org.md4j.model.layer.image.PixelHeadLayer;
import org.md4j.model.layer.image.ResidualBlockLayer;
import org.md4j.model.layer.image.SpatialAttentionLayer;
import org.md4j.model.layer.text.NgramEmbeddingLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds the layers of networks for images to what their parameters start as (spec 7.1, 7.3, 7.4):
 * gains at one, weights by their number of inputs where something passes from the start on, all
 * else at zero. Differences of losses cannot see this, and learning hardly.
 */
class InitialParametersTest {
  /** The lowest draw: a truncated normal is at its lower cut, which tells its width. */
  private static final Uniforms LOWEST = (example, entry) -> 0;

  private static final Initialiser ONE = Initialiser.ones();

  /** Two images of 2 and 4 channels to one of 8; 3x3 pixels of all six channels are the inputs. */
  static Stream<Arguments> layers() {
    Map<String, Initialiser> fixedBlock =
        Map.of(
            "firstGain", ONE,
            "firstWeight0", inputs(9 * 6),
            "firstWeight1", inputs(9 * 6),
            "secondGain", ONE,
            "projectionWeight0", inputs(6),
            "projectionWeight1", inputs(6));
    Map<String, Initialiser> modulatedBlock =
        Map.of("firstWeight0", inputs(9 * 4), "projectionWeight0", inputs(4));
    return Stream.of(
        Arguments.of("block", new ResidualBlockLayer(2, 3, 2, 4, 8, 2, 3, false, 0), fixedBlock),
        Arguments.of(
            "block, scale", new ResidualBlockLayer(2, 3, 4, 0, 6, 2, 3, true, 0), modulatedBlock),
        Arguments.of(
            "embedding",
            new PixelEmbeddingLayer(4, 2, 3, 2, 3, 5, 0),
            Map.of("embedding", Initialiser.embedding(2), "weight", inputs(9 * 3 * 2))),
        Arguments.of(
            "embedding of features",
            new PixelEmbeddingLayer(4, 2, 3, 2, 3, 5, 6),
            Map.of("featureWeight", inputs(13), "weight", inputs(9 * 3 * (2 + 1)))),
        Arguments.of(
            "head", new PixelHeadLayer(2, 3, 4, 2, 5, 2, 0, 0, 0), Map.of("normGain", ONE)),
        Arguments.of("head, scale", new PixelHeadLayer(2, 3, 4, 2, 5, 2, 3, 0, 0), Map.of()),
        Arguments.of("smooth head", new PixelHeadLayer(2, 3, 4, 2, 5, 2, 3, 4, 0), Map.of()),
        Arguments.of("head with a peak", new PixelHeadLayer(2, 3, 4, 2, 5, 2, 3, 4, 1), Map.of()),
        Arguments.of(
            "attention over pixels",
            new SpatialAttentionLayer(8, 2, 4),
            Map.of("normGain", ONE, "queryKeyValueWeight", inputs(8), "outputWeight", inputs(8))),
        Arguments.of(
            "patch embedding",
            new PatchEmbeddingLayer(4, 6, 3, 2, 8),
            Map.of("patchWeight", inputs(2 * 2 * 3), "position", Initialiser.sinusoids(6 / 2, 8))),
        Arguments.of(
            "attention",
            new PatchAttentionLayer(2, 4, 3, 0, 0),
            Map.of("queryKeyValueWeight", inputs(8), "outputWeight", inputs(8))),
        Arguments.of(
            "feed forward",
            new PatchFeedForwardLayer(8, 10, 3, 0, 0),
            Map.of("hiddenWeight", inputs(8), "outputWeight", inputs(10))),
        Arguments.of(
            "n-grams",
            new NgramEmbeddingLayer(3, List.of(2), 9, 2, 3, false),
            Map.of("projection", Initialiser.normal(1))),
        Arguments.of("patch projection", new PatchProjectionLayer(4, 6, 3, 2, 8, 3), Map.of()));
  }

  private static Initialiser inputs(int count) {
    return Initialiser.truncatedNormal(1, count);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void whatIsNotNamedStartsAtZero(
      String name, LayerSpec configuration, Map<String, Initialiser> named) {
    ParameterLayout layout = configuration.parameterLayout();
    INDArray flat = Nd4j.createUninitialized(DataType.DOUBLE, layout.count());

    layout.initialise(flat, LOWEST, 0);

    Map<String, INDArray> views = layout.views(flat);
    assertThat(views.keySet()).containsAll(named.keySet());
    views.forEach(
        (parameter, view) -> {
          Initialiser start = named.getOrDefault(parameter, Initialiser.zeros());
          double[] values = view.dup('c').data().asDouble();
          for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).as("%s[%d]", parameter, i).isEqualTo(start.value(0, i));
          }
        });
  }
}
