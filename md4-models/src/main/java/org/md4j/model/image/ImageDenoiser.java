package org.md4j.model.image;

import org.md4j.compute.ComputeBackend;
import org.md4j.core.TokenBatch;
import org.md4j.model.GraphDenoiser;
import org.md4j.model.ReplicaWork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The image denoiser of MD4: the U-Net or U-ViT of a {@link UNetConfig}, run as a DL4J graph of our
 * own layers.
 *
 * <p>Source: MD4 (arXiv 2406.04329v4), appendix on image experiments, and reference code b9fbf29,
 * networks/unet.py and networks/uvit.py.
 *
 * <p>Rows have length {@link UNetConfig#length()}, pixel by pixel, colours innermost. Logits are
 * computed at the wanted positions only.
 */
public final class ImageDenoiser extends GraphDenoiser {
  private final UNetConfig config;

  private ImageDenoiser(UNetConfig config, INDArray parameters, ComputeBackend backend) {
    super(
        config,
        UNetGraph.configuration(config, parameters.dataType()),
        config.conditioning().tellsTime() ? config.embeddingWidth() : 0,
        parameters,
        backend);
    this.config = config;
  }

  /** Makes a new network in 32-bit floats with parameters drawn from the seed. */
  public static ImageDenoiser create(UNetConfig config, long seed) {
    return create(config, seed, DataType.FLOAT);
  }

  /**
   * Makes a new network with parameters drawn from the seed.
   *
   * @param type FLOAT, or DOUBLE for checks of gradients
   */
  public static ImageDenoiser create(UNetConfig config, long seed, DataType type) {
    return create(config, seed, type, ComputeBackend.preferred());
  }

  /**
   * Makes a new network with parameters drawn from the seed, which do not depend on what computes.
   *
   * @param type FLOAT, or DOUBLE for checks of gradients
   * @param backend what computes
   */
  public static ImageDenoiser create(
      UNetConfig config, long seed, DataType type, ComputeBackend backend) {
    ImageDenoiser denoiser =
        new ImageDenoiser(
            config, newParameters(UNetGraph.configuration(config, type), type), backend);
    denoiser.initialise(seed);
    return denoiser;
  }

  /** Counts the parameters of a network of this shape, without building it. */
  public static long parameterCount(UNetConfig config) {
    return parameterCount(UNetGraph.configuration(config, DataType.FLOAT));
  }

  /** Counts the bytes that a replica holds once it has done some work, without making one. */
  static long activationBytes(UNetConfig config, ReplicaWork work) {
    return countActivations(
        UNetGraph.configuration(config, DataType.FLOAT),
        config.length(),
        work,
        (parameters, backend) -> new ImageDenoiser(config, parameters, backend));
  }

  @Override
  public UNetConfig config() {
    return config;
  }

  @Override
  public ImageDenoiser replica() {
    return new ImageDenoiser(config, parameters(), backend());
  }

  @Override
  protected int[] rowsToRead(TokenBatch tokens) {
    if (tokens.length() != config.length()) {
      throw new IllegalArgumentException(
          "tokens must have shape [B, H * W * S] = [B, %d * %d * %d = %d], got [%d, %d]"
              .formatted(
                  config.height(),
                  config.width(),
                  config.colours(),
                  config.length(),
                  tokens.rows(),
                  tokens.length()));
    }
    return tokens.toFlat();
  }
}
