package org.md4j.model.text;

import org.md4j.contract.DenoiserContract;
import org.md4j.core.Denoiser;
import org.md4j.core.Vocabulary;
import org.nd4j.linalg.api.buffer.DataType;

class TransformerContractTest extends DenoiserContract {
  private final TransformerDenoiser network =
      TransformerDenoiserTest.scrambled(TransformerConfig.of(5, 6, 2, 2, 8), DataType.FLOAT);

  @Override
  protected Denoiser denoiser() {
    return network;
  }

  @Override
  protected Vocabulary vocabulary() {
    return network.vocabulary();
  }

  @Override
  protected int length() {
    return network.config().length();
  }
}
