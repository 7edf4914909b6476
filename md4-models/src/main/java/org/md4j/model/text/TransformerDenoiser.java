package org.md4j.model.text;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.CounterRandom;
import org.md4j.core.TokenBatch;
import org.md4j.model.GraphDenoiser;
import org.md4j.model.ReplicaWork;
import org.md4j.model.TrainableDenoiser;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The text denoiser of MD4: a transformer behind {@link TrainableDenoiser}, bidirectional unless it
 * is {@link Attention#CAUSAL causal}, run as a DL4J {@link ComputationGraph}.
 *
 * <p>Source: MD4 (arXiv 2406.04329v4), appendix on text experiments, and reference code b9fbf29,
 * networks/transformer.py, with {@code mlp_type = 'glu'} (sigmoid gates) as in all its text runs.
 *
 * <p>Rows may have any length; the network was trained on {@link TransformerConfig#length()}.
 * Parameters are drawn from {@link CounterRandom}; for one number type and one machine, the same
 * seed and inputs give the same logits to the bit.
 *
 * <p>Rows are assigned to examples by a dense [B * N, B] matrix. Its products are cheap for the
 * batches of training, but their cost, and the matrix, grow with the square of the rows B of a
 * call: ask about very many rows in several calls.
 *
 * <p>A {@link Attention#CAUSAL causal} network is autoregressive: its logits at position n are
 *
 * <pre>
 * ln p(x_n = v | x_0, ..., x_(n-1)) + constant
 * </pre>
 *
 * once trained by maximum likelihood, and depend on no token at n or after it, to the bit. Callers
 * pass rows as they are, unshifted, and read token n's logits at position n; what stands at n and
 * after, masks or tokens, makes no difference. Inside, the network reads the row shifted right by
 * one, the mask id standing in for the token before the first, and position n attends to positions
 * 0..n of that. A row cut off after n therefore has the same logits at n as the whole row, up to
 * rounding, at less cost.
 *
 * <p>A network with K classes wants a label for every row: 0..K-1, or K, the null label, for a row
 * of no class. A network without classes refuses labels.
 */
public final class TransformerDenoiser extends GraphDenoiser {
  private final TransformerConfig config;

  private TransformerDenoiser(
      TransformerConfig config, INDArray parameters, ComputeBackend backend) {
    super(
        config,
        TransformerGraph.configuration(config, parameters.dataType()),
        config.conditioning().tellsTime() ? config.headSize() : 0,
        parameters,
        backend);
    this.config = config;
  }

  /** Makes a new network in 32-bit floats with parameters drawn from the seed. */
  public static TransformerDenoiser create(TransformerConfig config, long seed) {
    return create(config, seed, DataType.FLOAT);
  }

  /**
   * Makes a new network with parameters drawn from the seed.
   *
   * @param type FLOAT, or DOUBLE for checks of gradients
   */
  public static TransformerDenoiser create(TransformerConfig config, long seed, DataType type) {
    return create(config, seed, type, ComputeBackend.preferred());
  }

  /**
   * Makes a new network with parameters drawn from the seed, which do not depend on what computes.
   *
   * @param type FLOAT, or DOUBLE for checks of gradients
   * @param backend what computes
   */
  public static TransformerDenoiser create(
      TransformerConfig config, long seed, DataType type, ComputeBackend backend) {
    TransformerDenoiser denoiser =
        new TransformerDenoiser(
            config, newParameters(TransformerGraph.configuration(config, type), type), backend);
    denoiser.initialise(seed);
    return denoiser;
  }

  /** Counts the parameters of a network of this shape, without building it. */
  public static long parameterCount(TransformerConfig config) {
    return parameterCount(TransformerGraph.configuration(config, DataType.FLOAT));
  }

  /** Counts the bytes that a replica holds once it has done some work, without making one. */
  static long activationBytes(TransformerConfig config, ReplicaWork work) {
    return countActivations(
        TransformerGraph.configuration(config, DataType.FLOAT),
        config.length(),
        work,
        (parameters, backend) -> new TransformerDenoiser(config, parameters, backend));
  }

  @Override
  public TransformerConfig config() {
    return config;
  }

  @Override
  public TransformerDenoiser replica() {
    return new TransformerDenoiser(config, parameters(), backend());
  }

  /** Returns the rows as the embedding reads them: as they are, or shifted right by one. */
  @Override
  protected int[] rowsToRead(TokenBatch tokens) {
    int[] flat = tokens.toFlat();
    if (config.attention() == Attention.CAUSAL) {
      int length = tokens.length();
      for (int start = 0; start < flat.length; start += length) {
        System.arraycopy(flat, start, flat, start + 1, length - 1);
        flat[start] = config.vocabulary().maskId();
      }
    }
    return flat;
  }
}
