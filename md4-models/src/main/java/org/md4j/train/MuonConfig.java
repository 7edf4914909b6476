package org.md4j.train;

/**
 * Settings of Muon, which updates every matrix that a network names ({@code
 * TrainableDenoiser.matrices}) by the direction of its momentum with all singular values made about
 * equal (Jordan, Jin, Boza, You, Cesista, Newhouse and Bernstein, "Muon: An optimizer for hidden
 * layers in neural networks", 2024, kellerjordan.github.io/posts/muon). AdamW updates all other
 * parameters. For a matrix W [fanIn, fanOut] with the gradient G, after clipping:
 *
 * <pre>
 *   M = momentum M + G
 *   N = G + momentum M
 *   X = N / (|N| + 1e-7)                                            Frobenius norm
 *   X = 3.4445 X - 4.7750 (X X') X + 2.0315 (X X')^2 X              as many times as iterations says
 *   W = W - lr (sqrt(max(1, fanOut / fanIn)) X + weightDecay W)
 * </pre>
 *
 * where lr is {@code learningRate} in the shape of the run's rate, warm-up included, and
 * weightDecay is the run's, decoupled as AdamW's is and in parts of this rate. Five iterations take
 * the singular values of X that are not far smaller than the largest to between about 0.7 and 1.2,
 * whatever the gradient's size: clipping acts on the mix in the momentum, but no longer on the
 * length of a matrix's step.
 *
 * <p>Deviation: a matrix is what lies as one in the parameters. In texts query and key weights are
 * one and the value's another, in images all three are one; of a convolution of two images the
 * kernel of each is one.
 *
 * @param learningRate the largest learning rate of matrices, at least 0; 0 leaves them to AdamW
 * @param momentum decay of the sum of gradients, in [0, 1)
 * @param iterations iterations of Newton and Schulz, at least 1
 */
public record MuonConfig(double learningRate, double momentum, int iterations) {
  /** The learning rate of Jordan et al. for networks of every width. */
  public static final double USUAL_LEARNING_RATE = 0.02;

  private static final double USUAL_MOMENTUM = 0.95;
  private static final int USUAL_ITERATIONS = 5;

  /** Checks every range. */
  public MuonConfig {
    Settings.requireNotNegative("muon.learningRate", learningRate);
    Settings.requireRate("muon.momentum", momentum);
    Settings.requireAtLeast("muon.iterations", iterations, 1);
  }

  /** No Muon: AdamW updates all parameters. */
  public static MuonConfig off() {
    return builder(0).build();
  }

  /**
   * A builder with momentum 0.95 and five iterations.
   *
   * @param learningRate the largest learning rate of matrices, at least 0; usually {@link
   *     #USUAL_LEARNING_RATE}, and 0 for no Muon
   */
  public static Builder builder(double learningRate) {
    return new Builder(learningRate);
  }

  /** A builder that starts from these settings. */
  public Builder toBuilder() {
    return builder(learningRate).momentum(momentum).iterations(iterations);
  }

  /** Tells whether matrices are updated by Muon, which a learning rate of 0 says they are not. */
  public boolean enabled() {
    return learningRate > 0;
  }

  /** Sets how matrices are updated, by name. */
  public static final class Builder {
    private double learningRate;
    private double momentum = USUAL_MOMENTUM;
    private int iterations = USUAL_ITERATIONS;

    private Builder(double learningRate) {
      this.learningRate = learningRate;
    }

    /** Sets the largest learning rate of matrices, at least 0; 0 leaves them to AdamW. */
    public Builder learningRate(double learningRate) {
      this.learningRate = learningRate;
      return this;
    }

    /** Sets the decay of the sum of gradients, in [0, 1); by default 0.95. */
    public Builder momentum(double momentum) {
      this.momentum = momentum;
      return this;
    }

    /** Sets the iterations of Newton and Schulz, at least 1; by default 5. */
    public Builder iterations(int iterations) {
      this.iterations = iterations;
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public MuonConfig build() {
      return new MuonConfig(learningRate, momentum, iterations);
    }
  }
}
