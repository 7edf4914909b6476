package org.md4j.model.image;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.Vocabulary;
import org.md4j.model.Conditioning;
import org.md4j.model.NetworkConfig;
import org.md4j.model.ReplicaWork;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The shape of an image denoiser of MD4 (arXiv 2406.04329v4, appendix on image experiments;
 * reference code b9fbf29, networks/unet.py and uvit.py): a U-Net of residual blocks on pixels.
 *
 * <p>On the way down every level has {@code blocksPerLevel} residual blocks, whose results (and the
 * first convolution's) are kept; between levels images are halved. The {@link Middle} follows. On
 * the way up every level has {@code blocksPerLevel + 1} blocks, each of which is given one of the
 * kept results besides, last in, first out. A single level, {@code channelMultipliers = [1]}, never
 * changes the resolution: that is what the paper's two networks do.
 *
 * <p>Deviation: {@code valueEmbedding} and {@code logitHead} are settings of ours; the paper's
 * networks have neither, nor has a network whose builder is not told so.
 *
 * @param vocabularySize V, values of a colour; 256
 * @param height H, in pixels; divisible by 2 once for every level but the first
 * @param width W, in pixels; divisible like the height
 * @param colours S, tokens of a pixel (its sub-pixels): 3, or 1 for grey
 * @param embeddingWidth width of a token's embedding; also of the time's features and of the
 *     conditioning C, even
 * @param channels channels of the first level
 * @param channelMultipliers channels of each level, as multiples of {@code channels}
 * @param blocksPerLevel residual blocks of a level on its way down
 * @param middle part that stands in the middle
 * @param blockConditioning way in which blocks are told the conditioning
 * @param groups groups of group normalisation; divide every number of channels that is normalised
 * @param conditioning facts that the network is told besides tokens
 * @param dropout probability in [0, 1) that an activation of a block is dropped in training
 * @param valueEmbedding way in which the values of a colour enter
 * @param logitHead way in which the logits of a colour's values are made
 */
public record UNetConfig(
    int vocabularySize,
    int height,
    int width,
    int colours,
    int embeddingWidth,
    int channels,
    List<Integer> channelMultipliers,
    int blocksPerLevel,
    Middle middle,
    BlockConditioning blockConditioning,
    int groups,
    Conditioning conditioning,
    double dropout,
    ValueEmbedding valueEmbedding,
    LogitHead logitHead)
    implements NetworkConfig {
  /** Checks every range. */
  public UNetConfig {
    channelMultipliers = List.copyOf(channelMultipliers);
    Objects.requireNonNull(middle, "middle");
    Objects.requireNonNull(blockConditioning, "blockConditioning");
    Objects.requireNonNull(conditioning, "conditioning");
    Objects.requireNonNull(valueEmbedding, "valueEmbedding");
    Objects.requireNonNull(logitHead, "logitHead");
    Ranges.requireAtLeast("vocabularySize", vocabularySize, 1);
    Ranges.requireAtLeast("height", height, 1);
    Ranges.requireAtLeast("width", width, 1);
    Ranges.requireAtLeast("colours", colours, 1);
    Ranges.requireAtLeast("embeddingWidth", embeddingWidth, 4);
    Ranges.requireDivides("2", 2, "embeddingWidth", embeddingWidth);
    Ranges.requireAtLeast("channels", channels, 1);
    Ranges.requireAtLeast("number of channelMultipliers", channelMultipliers.size(), 1);
    Ranges.requireAtLeast("blocksPerLevel", blocksPerLevel, 1);
    Ranges.requireAtLeast("groups", groups, 1);
    Ranges.requireDivides("groups", groups, "channels", channels);
    for (int multiplier : channelMultipliers) {
      Ranges.requireAtLeast("channelMultipliers", multiplier, 1);
    }
    int halvings = channelMultipliers.size() - 1;
    Ranges.requireDivides("2 to the levels but one", 1 << halvings, "height", height);
    Ranges.requireDivides("2 to the levels but one", 1 << halvings, "width", width);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout (" + dropout + ") must be in [0, 1)");
    }
    int lowest = channels * channelMultipliers.get(halvings);
    if (middle instanceof Middle.Attention attention) {
      Ranges.requireDivides("heads", attention.heads(), "channels of the lowest level", lowest);
    }
    if (middle instanceof Middle.Transformer transformer) {
      Ranges.requireDivides(
          "patch", transformer.patch(), "height of the lowest level", height >> halvings);
      Ranges.requireDivides(
          "patch", transformer.patch(), "width of the lowest level", width >> halvings);
    }
    if (!conditioning.tellsAnything()
        && (blockConditioning == BlockConditioning.SCALE_SHIFT
            || middle instanceof Middle.Transformer)) {
      throw new IllegalArgumentException(
          "time (NONE) must be TIME, or classes (0) positive, for a network with SCALE_SHIFT or a"
              + " transformer: both need a conditioning");
    }
  }

  /**
   * A builder of the paper's CIFAR-10 network without dropout, for images of your own.
   *
   * @param height H, in pixels, at least 1
   * @param width W, in pixels, at least 1
   * @param colours S, tokens of a pixel: 3, or 1 for grey
   */
  public static Builder builder(int height, int width, int colours) {
    return new Builder(height, width, colours);
  }

  /**
   * The paper's CIFAR-10 network: 32 residual blocks of 128 channels a side at full resolution,
   * attention of one head in the middle; 28,427,520 parameters.
   */
  public static UNetConfig cifar10() {
    return builder(32, 32, 3).dropout(0.1).build();
  }

  /**
   * The paper's ImageNet 64x64 network of best likelihood: 24 residual blocks of 256 channels a
   * side, 12 transformer blocks; 198,279,680 parameters.
   */
  public static UNetConfig imageNet64() {
    return imageNet64(24, 12);
  }

  /**
   * The paper's ImageNet 64x64 network of best samples: 8 residual blocks a side, 20 transformer
   * blocks; 204.60 million parameters.
   */
  public static UNetConfig imageNet64Samples() {
    return imageNet64(8, 20);
  }

  /**
   * The network of {@link #imageNet64Samples} with the 1,000 classes of ImageNet.
   *
   * <p>Deviation: the reference has no null label; here it adds one row to the table of classes, so
   * that the network can be guided.
   */
  public static UNetConfig imageNet64Classes() {
    return imageNet64Samples().toBuilder().conditioning(told -> told.classes(1000)).build();
  }

  private static UNetConfig imageNet64(int blocks, int layers) {
    return builder(64, 64, 3)
        .embeddingWidth(256)
        .channels(256)
        .blocksPerLevel(blocks)
        .middle(Middle.Transformer.builder().layers(layers).build())
        .blockConditioning(BlockConditioning.SCALE_SHIFT)
        .dropout(0.1)
        .build();
  }

  /** A builder that starts from this network. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  @Override
  public OptionalLong parameterCount() {
    return OptionalLong.of(ImageDenoiser.parameterCount(this));
  }

  @Override
  public OptionalLong activationBytes(ReplicaWork work) {
    return OptionalLong.of(ImageDenoiser.activationBytes(this, work));
  }

  @Override
  public ImageDenoiser create(long seed) {
    return create(seed, ComputeBackend.preferred());
  }

  @Override
  public ImageDenoiser create(long seed, ComputeBackend backend) {
    return ImageDenoiser.create(this, seed, DataType.FLOAT, backend);
  }

  @Override
  public Vocabulary vocabulary() {
    return new Vocabulary(vocabularySize);
  }

  @Override
  public int classes() {
    return conditioning.classes();
  }

  /** The number N of tokens of an image: H * W * S. */
  @Override
  public int length() {
    return height * width * colours;
  }

  /** The channels of a level. */
  int channelsAt(int level) {
    return channels * channelMultipliers.get(level);
  }

  /** Sets the shape of a network, by name. */
  public static final class Builder {
    private int vocabularySize = 256;
    private int height;
    private int width;
    private int colours;
    private int embeddingWidth = 128;
    private int channels = 128;
    private List<Integer> channelMultipliers = List.of(1);
    private int blocksPerLevel = 32;
    private Middle middle = new Middle.Attention(1);
    private BlockConditioning blockConditioning = BlockConditioning.BIAS;
    private int groups = 32;
    private Conditioning conditioning = Conditioning.builder().build();
    private double dropout;
    private ValueEmbedding valueEmbedding = ValueEmbedding.TABLE;
    private LogitHead logitHead = LogitHead.FREE;

    private Builder(int height, int width, int colours) {
      this.height = height;
      this.width = width;
      this.colours = colours;
    }

    private Builder(UNetConfig config) {
      vocabularySize = config.vocabularySize;
      height = config.height;
      width = config.width;
      colours = config.colours;
      embeddingWidth = config.embeddingWidth;
      channels = config.channels;
      channelMultipliers = config.channelMultipliers;
      blocksPerLevel = config.blocksPerLevel;
      middle = config.middle;
      blockConditioning = config.blockConditioning;
      groups = config.groups;
      conditioning = config.conditioning;
      dropout = config.dropout;
      valueEmbedding = config.valueEmbedding;
      logitHead = config.logitHead;
    }

    /** Sets the number V of values of a colour, at least 1; by default 256. */
    public Builder vocabularySize(int vocabularySize) {
      this.vocabularySize = vocabularySize;
      return this;
    }

    /** Sets the height H, in pixels, at least 1. */
    public Builder height(int height) {
      this.height = height;
      return this;
    }

    /** Sets the width W, in pixels, at least 1. */
    public Builder width(int width) {
      this.width = width;
      return this;
    }

    /** Sets the number S of tokens of a pixel, at least 1. */
    public Builder colours(int colours) {
      this.colours = colours;
      return this;
    }

    /**
     * Sets the width of a token's embedding and of the conditioning, even and at least 4; by
     * default 128.
     */
    public Builder embeddingWidth(int embeddingWidth) {
      this.embeddingWidth = embeddingWidth;
      return this;
    }

    /**
     * Sets the channels of the first level, at least 1 and a multiple of the groups; by default
     * 128.
     */
    public Builder channels(int channels) {
      this.channels = channels;
      return this;
    }

    /**
     * Sets the channels of each level, as multiples of the first level's; by default one level,
     * [1].
     */
    public Builder channelMultipliers(List<Integer> channelMultipliers) {
      this.channelMultipliers = List.copyOf(channelMultipliers);
      return this;
    }

    /** Sets the residual blocks of a level on its way down, at least 1; by default 32. */
    public Builder blocksPerLevel(int blocksPerLevel) {
      this.blocksPerLevel = blocksPerLevel;
      return this;
    }

    /** Sets the part that stands in the middle; by default attention of one head. */
    public Builder middle(Middle middle) {
      this.middle = middle;
      return this;
    }

    /** Sets how blocks are told the conditioning; by default {@link BlockConditioning#BIAS}. */
    public Builder blockConditioning(BlockConditioning blockConditioning) {
      this.blockConditioning = blockConditioning;
      return this;
    }

    /** Sets the groups of group normalisation, at least 1; by default 32. */
    public Builder groups(int groups) {
      this.groups = groups;
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
     * Sets how the values of a colour enter; by default {@link ValueEmbedding#TABLE}, the paper's.
     */
    public Builder valueEmbedding(ValueEmbedding valueEmbedding) {
      this.valueEmbedding = valueEmbedding;
      return this;
    }

    /**
     * Sets how the logits of a colour's values are made; by default {@link LogitHead#FREE}, the
     * paper's.
     */
    public Builder logitHead(LogitHead logitHead) {
      this.logitHead = logitHead;
      return this;
    }

    /**
     * Builds the shape.
     *
     * @throws IllegalArgumentException if a value is out of its range, or two do not fit
     */
    public UNetConfig build() {
      return new UNetConfig(
          vocabularySize,
          height,
          width,
          colours,
          embeddingWidth,
          channels,
          channelMultipliers,
          blocksPerLevel,
          middle,
          blockConditioning,
          groups,
          conditioning,
          dropout,
          valueEmbedding,
          logitHead);
    }
  }
}
