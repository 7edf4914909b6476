package org.md4j.model.text;

import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;

/**
 * The shape of the text denoiser of MD4 (arXiv 2406.04329v4, appendix on text experiments;
 * reference code b9fbf29, networks/transformer.py): a bidirectional LLaMA-style transformer with
 * rotary positions and adaptive normalisation. Made {@link #causal}, it is the autoregressive
 * transformer that masked diffusion is compared with.
 *
 * <p>The model width is {@code heads * headSize}; the feed-forward width is {@link
 * #feedForwardWidth()}.
 *
 * @param vocabularySize V, real token values
 * @param length N, the row length the network is trained on; it accepts any other when sampling
 * @param layers transformer blocks
 * @param heads attention heads
 * @param headSize width of a head, even; also the width of the time embedding and, with an outside
 *     embedding, of the token embedding
 * @param outsideEmbedding true: tokens are embedded at width headSize and projected up (the paper's
 *     text8 networks); false: embedded at the model width, with dropout on the embedding (its
 *     OpenWebText networks)
 * @param timeConditioned whether the network sees t, through adaptive layer normalisation; a
 *     network that sees neither t nor classes normalises by root mean square
 * @param dropout probability in [0, 1) that a channel, attention weight or (without outside
 *     embedding) embedding entry is dropped in training
 * @param depthScaledInitialiser true: feed-forward weights start with variance 2/(layers * fanIn),
 *     as in all text runs of the reference; false: 1/fanIn
 * @param classes K: rows are labelled 0..K-1 and label K is the null label, "no class"; 0 for a
 *     network that is told no labels. The label's vector is told with t, or alone if t is not
 * @param causal false: the logits at a position depend on every token of the row; true: on the
 *     tokens before that position only, not on the one at it, so that position n predicts token n
 *     from tokens 0..n-1 and a row's likelihood is the product over its positions. No parameter is
 *     added or taken away
 */
public record TransformerConfig(
    int vocabularySize,
    int length,
    int layers,
    int heads,
    int headSize,
    boolean outsideEmbedding,
    boolean timeConditioned,
    double dropout,
    boolean depthScaledInitialiser,
    int classes,
    boolean causal)
    implements NetworkConfig {
  /** Checks every range. */
  public TransformerConfig {
    requireAtLeast("vocabularySize", vocabularySize, 1);
    requireAtLeast("length", length, 1);
    requireAtLeast("layers", layers, 1);
    requireAtLeast("heads", heads, 1);
    requireAtLeast("headSize", headSize, 4);
    if (headSize % 2 != 0) {
      throw new IllegalArgumentException(
          "headSize (" + headSize + ") must be even: rotary positions turn pairs of channels");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout (" + dropout + ") must be in [0, 1)");
    }
    requireAtLeast("classes", classes, 0);
  }

  /** A network that is not {@link #causal}. */
  public TransformerConfig(
      int vocabularySize,
      int length,
      int layers,
      int heads,
      int headSize,
      boolean outsideEmbedding,
      boolean timeConditioned,
      double dropout,
      boolean depthScaledInitialiser,
      int classes) {
    this(
        vocabularySize,
        length,
        layers,
        heads,
        headSize,
        outsideEmbedding,
        timeConditioned,
        dropout,
        depthScaledInitialiser,
        classes,
        false);
  }

  /** A network without classes that is not {@link #causal}. */
  public TransformerConfig(
      int vocabularySize,
      int length,
      int layers,
      int heads,
      int headSize,
      boolean outsideEmbedding,
      boolean timeConditioned,
      double dropout,
      boolean depthScaledInitialiser) {
    this(
        vocabularySize,
        length,
        layers,
        heads,
        headSize,
        outsideEmbedding,
        timeConditioned,
        dropout,
        depthScaledInitialiser,
        0);
  }

  /**
   * A network with outside embedding, time conditioning, depth-scaled initialiser and no dropout.
   */
  public static TransformerConfig of(
      int vocabularySize, int length, int layers, int heads, int headSize) {
    return new TransformerConfig(
        vocabularySize, length, layers, heads, headSize, true, true, 0, true);
  }

  /**
   * The paper's text8 network: 12 layers, 12 heads, width 768, length 256; 88,734,272 parameters.
   */
  public static TransformerConfig text8() {
    return of(27, 256, 12, 12, 64).withDropout(0.05);
  }

  /**
   * The paper's small OpenWebText network: GPT-2 tokens, width 768, length 1024; 165,857,344
   * parameters.
   */
  public static TransformerConfig gpt2Small() {
    return new TransformerConfig(50257, 1024, 12, 12, 64, false, true, 0.02, true);
  }

  /**
   * The paper's medium OpenWebText network: GPT-2 tokens, width 1024, length 1024; 416,240,960
   * parameters.
   */
  public static TransformerConfig gpt2Medium() {
    return new TransformerConfig(50257, 1024, 24, 16, 64, false, true, 0, true);
  }

  /** The same network with another dropout probability. */
  public TransformerConfig withDropout(double dropout) {
    return new TransformerConfig(
        vocabularySize,
        length,
        layers,
        heads,
        headSize,
        outsideEmbedding,
        timeConditioned,
        dropout,
        depthScaledInitialiser,
        classes,
        causal);
  }

  /** The same network for rows of another length. */
  public TransformerConfig withLength(int length) {
    return new TransformerConfig(
        vocabularySize,
        length,
        layers,
        heads,
        headSize,
        outsideEmbedding,
        timeConditioned,
        dropout,
        depthScaledInitialiser,
        classes,
        causal);
  }

  /** The same network with another number of {@link #classes}. */
  public TransformerConfig withClasses(int classes) {
    return new TransformerConfig(
        vocabularySize,
        length,
        layers,
        heads,
        headSize,
        outsideEmbedding,
        timeConditioned,
        dropout,
        depthScaledInitialiser,
        classes,
        causal);
  }

  /** The same network, {@link #causal} or not. */
  public TransformerConfig withCausal(boolean causal) {
    return new TransformerConfig(
        vocabularySize,
        length,
        layers,
        heads,
        headSize,
        outsideEmbedding,
        timeConditioned,
        dropout,
        depthScaledInitialiser,
        classes,
        causal);
  }

  /** The same network told the time or not. */
  public TransformerConfig withTimeConditioned(boolean timeConditioned) {
    return new TransformerConfig(
        vocabularySize,
        length,
        layers,
        heads,
        headSize,
        outsideEmbedding,
        timeConditioned,
        dropout,
        depthScaledInitialiser,
        classes,
        causal);
  }

  /** Whether rows are told anything beside their tokens: a time, a class or both. */
  boolean conditioned() {
    return timeConditioned || classes > 0;
  }

  @Override
  public TransformerDenoiser create(long seed) {
    return TransformerDenoiser.create(this, seed);
  }

  @Override
  public Vocabulary vocabulary() {
    return new Vocabulary(vocabularySize);
  }

  /** D, the model width: heads * headSize. */
  public int width() {
    return heads * headSize;
  }

  /** F, the feed-forward width: floor(8 D / 3) rounded up to a multiple of 32. */
  public int feedForwardWidth() {
    int unrounded = 8 * width() / 3;
    return (unrounded + 31) / 32 * 32;
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " (" + value + ") must be at least " + least);
    }
  }
}
