package org.md4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.md4j.compute.Precision;
import org.md4j.model.ReplicaWork;
import org.md4j.model.text.TransformerConfig;

class SamplingMemoryTest {
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(5, 24).layers(2).heads(2).headSize(4).build();

  @Test
  void parametersOnceActivationsOfEveryReplicaAndLogitsOfAllRows() {
    long activations =
        NETWORK.activationBytes(new ReplicaWork(3, 3 * 24, false, Precision.F32)).orElseThrow();
    long parameters = NETWORK.parameterCount().orElseThrow();

    assertThat(SamplingMemory.of(NETWORK, 5, 2, Precision.F32))
        .hasValue(4 * parameters + 2 * activations + 2 * 4 * (5 * 24 * 5));
  }

  @Test
  void replicasWithoutRowsHoldNothing() {
    assertThat(SamplingMemory.of(NETWORK, 1, 8, Precision.F32))
        .isEqualTo(SamplingMemory.of(NETWORK, 1, 1, Precision.F32));
  }
}
