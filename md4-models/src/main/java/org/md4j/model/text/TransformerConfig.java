package org.md4j.model.text;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.Vocabulary;
import org.md4j.model.Conditioning;
import org.md4j.model.NetworkConfig;
import org.md4j.model.ReplicaWork;
import org.md4j.model.layer.ShortConvolution;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The shape of the text denoiser of MD4 (arXiv 2406.04329v4, appendix on text experiments;
 * reference code b9fbf29, networks/transformer.py): a bidirectional LLaMA-style transformer with
 * rotary positions and adaptive normalisation. With {@link Attention#CAUSAL}, it is the
 * autoregressive transformer that masked diffusion is compared with.
 *
 * <p>The model width is {@code heads * headSize}; the feed-forward width is {@link
 * #feedForwardWidth()}.
 *
 * <p>Deviation: a short convolution and n-grams are not the reference's. The networks named here
 * have neither, and their parameters are the reference's too.
 *
 * @param vocabularySize V, real token values
 * @param length N, the row length the network is trained on; it accepts any other when sampling
 * @param layers transformer blocks
 * @param heads attention heads
 * @param headSize width of a head, even; also the width of the time embedding and, with {@link
 *     TokenEmbedding#OUTSIDE}, of the token embedding
 * @param embedding place where tokens are embedded
 * @param initialiser variance that feed-forward weights start with
 * @param attention the tokens that the logits at a position depend on
 * @param conditioning facts that the network is told besides tokens, through adaptive layer
 *     normalisation; a network that is told neither t nor classes normalises by root mean square
 * @param dropout probability in [0, 1) that a channel, attention weight or (with {@link
 *     TokenEmbedding#INSIDE}) embedding entry is dropped in training
 * @param shortConvolution width w, odd and at most {@link ShortConvolution#WIDEST}, of a {@link
 *     ShortConvolution} over positions before the attention and before the feed-forward of every
 *     block, 2 w D parameters a block; or 0 for none
 * @param ngrams the n-grams around a position that its vector is told of; {@link
 *     NgramEmbedding#none()} for none
 */
public record TransformerConfig(
    int vocabularySize,
    int length,
    int layers,
    int heads,
    int headSize,
    TokenEmbedding embedding,
    FeedForwardInitialiser initialiser,
    Attention attention,
    Conditioning conditioning,
    double dropout,
    int shortConvolution,
    NgramEmbedding ngrams)
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
    Objects.requireNonNull(embedding, "embedding");
    Objects.requireNonNull(initialiser, "initialiser");
    Objects.requireNonNull(attention, "attention");
    Objects.requireNonNull(conditioning, "conditioning");
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout (" + dropout + ") must be in [0, 1)");
    }
    ShortConvolution.requireWidth("shortConvolution", shortConvolution);
    Objects.requireNonNull(ngrams, "ngrams");
  }

  /**
   * A builder of the paper's text8 network without dropout, for rows of your own.
   *
   * @param vocabularySize V, real token values, at least 1
   * @param length N, tokens a row, at least 1
   */
  public static Builder builder(int vocabularySize, int length) {
    return new Builder(vocabularySize, length);
  }

  /**
   * The paper's text8 network: 12 layers, 12 heads, width 768, length 256; 88,734,272 parameters.
   */
  public static TransformerConfig text8() {
    return builder(27, 256).dropout(0.05).build();
  }

  /**
   * The paper's small OpenWebText network: GPT-2 tokens, width 768, length 1024; 165,857,344
   * parameters.
   */
  public static TransformerConfig gpt2Small() {
    return builder(50257, 1024).embedding(TokenEmbedding.INSIDE).dropout(0.02).build();
  }

  /**
   * The paper's medium OpenWebText network: GPT-2 tokens, width 1024, length 1024; 416,240,960
   * parameters.
   */
  public static TransformerConfig gpt2Medium() {
    return builder(50257, 1024).layers(24).heads(16).embedding(TokenEmbedding.INSIDE).build();
  }

  /** A builder that starts from this network. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  @Override
  public OptionalLong parameterCount() {
    return OptionalLong.of(TransformerDenoiser.parameterCount(this));
  }

  @Override
  public OptionalLong activationBytes(ReplicaWork work) {
    return OptionalLong.of(TransformerDenoiser.activationBytes(this, work));
  }

  @Override
  public TransformerDenoiser create(long seed) {
    return create(seed, ComputeBackend.preferred());
  }

  @Override
  public TransformerDenoiser create(long seed, ComputeBackend backend) {
    return TransformerDenoiser.create(this, seed, DataType.FLOAT, backend);
  }

  @Override
  public Vocabulary vocabulary() {
    return new Vocabulary(vocabularySize);
  }

  @Override
  public int classes() {
    return conditioning.classes();
  }

  /** The model width D: heads * headSize. */
  public int width() {
    return heads * headSize;
  }

  /** The feed-forward width F: floor(8 D / 3) rounded up to a multiple of 32. */
  public int feedForwardWidth() {
    int unrounded = 8 * width() / 3;
    return (unrounded + 31) / 32 * 32;
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " (" + value + ") must be at least " + least);
    }
  }

  /** Sets the shape of a network, by name. */
  public static final class Builder {
    private int vocabularySize;
    private int length;
    private int layers = 12;
    private int heads = 12;
    private int headSize = 64;
    private TokenEmbedding embedding = TokenEmbedding.OUTSIDE;
    private FeedForwardInitialiser initialiser = FeedForwardInitialiser.DEPTH_SCALED;
    private Attention attention = Attention.BIDIRECTIONAL;
    private Conditioning conditioning = Conditioning.builder().build();
    private double dropout;
    private int shortConvolution;
    private NgramEmbedding ngrams = NgramEmbedding.none();

    private Builder(int vocabularySize, int length) {
      this.vocabularySize = vocabularySize;
      this.length = length;
    }

    private Builder(TransformerConfig config) {
      vocabularySize = config.vocabularySize;
      length = config.length;
      layers = config.layers;
      heads = config.heads;
      headSize = config.headSize;
      embedding = config.embedding;
      initialiser = config.initialiser;
      attention = config.attention;
      conditioning = config.conditioning;
      dropout = config.dropout;
      shortConvolution = config.shortConvolution;
      ngrams = config.ngrams;
    }

    /** Sets the number V of real token values, at least 1. */
    public Builder vocabularySize(int vocabularySize) {
      this.vocabularySize = vocabularySize;
      return this;
    }

    /** Sets the number N of tokens a row, at least 1. */
    public Builder length(int length) {
      this.length = length;
      return this;
    }

    /** Sets the transformer blocks, at least 1; by default 12. */
    public Builder layers(int layers) {
      this.layers = layers;
      return this;
    }

    /** Sets the attention heads, at least 1; by default 12. */
    public Builder heads(int heads) {
      this.heads = heads;
      return this;
    }

    /** Sets the width of a head, even and at least 4; by default 64. */
    public Builder headSize(int headSize) {
      this.headSize = headSize;
      return this;
    }

    /** Sets the place where tokens are embedded; by default {@link TokenEmbedding#OUTSIDE}. */
    public Builder embedding(TokenEmbedding embedding) {
      this.embedding = embedding;
      return this;
    }

    /**
     * Sets the variance that feed-forward weights start with; by default {@link
     * FeedForwardInitialiser#DEPTH_SCALED}.
     */
    public Builder initialiser(FeedForwardInitialiser initialiser) {
      this.initialiser = initialiser;
      return this;
    }

    /** Sets the tokens that logits depend on; by default all, {@link Attention#BIDIRECTIONAL}. */
    public Builder attention(Attention attention) {
      this.attention = attention;
      return this;
    }

    /**
     * Changes the facts that the network is told besides tokens; by default the time and no
     * classes.
     */
    public Builder conditioning(UnaryOperator<Conditioning.Builder> change) {
      conditioning = change.apply(conditioning.toBuilder()).build();
      return this;
    }

    /** Sets the probability of dropout in training, in [0, 1); by default 0. */
    public Builder dropout(double dropout) {
      this.dropout = dropout;
      return this;
    }

    /**
     * Sets the width w of a convolution over positions before attention and feed-forward, odd and
     * at most {@link ShortConvolution#WIDEST}; by default 0, none.
     */
    public Builder shortConvolution(int shortConvolution) {
      this.shortConvolution = shortConvolution;
      return this;
    }

    /** Sets the n-grams that a position's vector is told of; by default none. */
    public Builder ngrams(NgramEmbedding ngrams) {
      this.ngrams = ngrams;
      return this;
    }

    /**
     * Builds the shape.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public TransformerConfig build() {
      return new TransformerConfig(
          vocabularySize,
          length,
          layers,
          heads,
          headSize,
          embedding,
          initialiser,
          attention,
          conditioning,
          dropout,
          shortConvolution,
          ngrams);
    }
  }
}
