package org.md4j.model.layer.text;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.md4j.model.layer.LayerLaws;
import org.md4j.model.layer.LayerProbe;
import org.md4j.model.layer.LayerSpec;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds what n-grams add to their laws; {@code TransformerDenoiserTest} holds it to its formula.
 */
class NgramEmbeddingLayerTest extends LayerLaws {
  private static final int BATCH = 2;
  private static final int LENGTH = 4;
  private static final int WIDTH = 3;

  static Stream<Arguments> layers() {
    return Stream.of(
        layer("bigrams", new NgramEmbeddingLayer(3, List.of(2), 9, 2, WIDTH, false)),
        layer("two orders", new NgramEmbeddingLayer(3, List.of(2, 3), 27, 2, WIDTH, false)),
        layer("shared rows", new NgramEmbeddingLayer(3, List.of(3), 5, 2, WIDTH, false)),
        layer("causal", new NgramEmbeddingLayer(3, List.of(3), 27, 1, WIDTH, true)));
  }

  private static Arguments layer(String name, LayerSpec configuration) {
    return Arguments.of(name, configuration, new INDArray[] {tokens(), vectors()});
  }

  private static INDArray tokens() {
    return Nd4j.createFromArray(
            IntStream.range(0, BATCH * LENGTH).map(i -> (i * i + i / 3) % 3).toArray())
        .reshape(BATCH, LENGTH);
  }

  private static INDArray vectors() {
    return LayerProbe.table(4, BATCH, LENGTH, WIDTH);
  }

  @Test
  void withoutVectorsOfNgramsNothingIsAdded() {
    LayerProbe probe =
        new LayerProbe(new NgramEmbeddingLayer(3, List.of(2, 3), 27, 2, WIDTH, false));
    probe.parameter("ngrams").assign(0);

    LayerProbe.assertClose(probe.infer(tokens(), vectors()), vectors());
  }
}
