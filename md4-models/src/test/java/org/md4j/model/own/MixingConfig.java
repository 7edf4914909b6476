package org.md4j.model.own;

import org.md4j.compute.ComputeBackend;
import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The shape of a {@link MixingDenoiser}.
 *
 * @param vocabularySize V
 * @param length N
 * @param width D
 */
public record MixingConfig(int vocabularySize, int length, int width) implements NetworkConfig {
  @Override
  public Vocabulary vocabulary() {
    return new Vocabulary(vocabularySize);
  }

  @Override
  public MixingDenoiser create(long seed, ComputeBackend backend) {
    return MixingDenoiser.create(this, seed, DataType.FLOAT, backend);
  }
}
