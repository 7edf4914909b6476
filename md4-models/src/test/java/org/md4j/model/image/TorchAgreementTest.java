package org.md4j.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Holds whole networks to PyTorch's, written by others from the specification alone. */
class TorchAgreementTest {
  /** Two orders of the same sums, in double, through a dozen layers. */
  private static final double ROUNDING = 1e-10;

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("additive", TorchNetworks.additive()),
        Arguments.of("scaleshift", TorchNetworks.scaleShift()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void logitsAndGradientsAreThoseOfPyTorch(String name, UNetConfig config) {
    TorchNetworks parameters = new TorchNetworks(name, "parameters");
    ImageDenoiser network = ImageDenoiser.create(config, 0, DataType.DOUBLE);
    Map<String, INDArray> own = ownParameters(network);
    Map<String, INDArray> theirs = parameters.byOurNames(config);
    assertThat(theirs.keySet()).containsExactlyInAnyOrderElementsOf(own.keySet());
    theirs.forEach((key, value) -> assign(own, key, value));
    DenoiserInput input = input(parameters, config);

    double[] logits = network.forwardForTraining(input, (e, i) -> 0.5).dup().data().asDouble();

    assertClose("logits", logits, parameters.array("logits").data().asDouble());
    INDArray gradient =
        parameters.array("logits_gradient").reshape('c', logits.length / 3, TorchNetworks.VALUES);
    network.backward(gradient.dup('c'), false);
    // Reading the gradients by the parameters' names: they are laid out alike.
    network.parameters().assign(network.gradients());
    new TorchNetworks(name, "gradients")
        .byOurNames(config)
        .forEach(
            (key, value) ->
                assertClose(
                    key,
                    own.get(key).dup('c').data().asDouble(),
                    value.dup('c').data().asDouble()));
  }

  private static Map<String, INDArray> ownParameters(ImageDenoiser network) {
    Map<String, INDArray> own = new LinkedHashMap<>();
    for (GraphVertex vertex : network.graph().getVertices()) {
      vertex
          .paramTable(false)
          .forEach((name, view) -> own.put(vertex.getVertexName() + "." + name, view));
    }
    return own;
  }

  private static void assign(Map<String, INDArray> own, String name, INDArray value) {
    assertThat(value.shape()).as(name).containsExactly(own.get(name).shape());
    own.get(name).assign(value);
  }

  private static DenoiserInput input(TorchNetworks torch, UNetConfig config) {
    INDArray tokens = torch.array("tokens");
    int rows = (int) tokens.size(0);
    int[] labels =
        config.classes() == 0
            ? new int[0]
            : torch.array("labels").castTo(DataType.INT32).data().asInt();
    return new DenoiserInput(
        Rows.of(
                TokenBatch.ofFlat(
                    config.vocabulary(), rows, tokens.castTo(DataType.INT32).data().asInt()))
            .withLabels(labels),
        torch.array("times").data().asDouble(),
        IntStream.range(0, rows * config.length()).toArray());
  }

  private static void assertClose(String what, double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as("%s, entry %d", what, i).isCloseTo(expected[i], within(ROUNDING));
    }
  }
}
