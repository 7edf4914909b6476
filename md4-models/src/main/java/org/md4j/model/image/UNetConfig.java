package org.md4j.model.image;

import java.util.List;
import java.util.function.Consumer;
import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;

/**
 * The shape of an image denoiser of MD4 (arXiv 2406.04329v4, appendix on image experiments;
 * reference code b9fbf29, networks/unet.py and uvit.py): a U-Net of residual blocks on pixels.
 *
 * <p>On the way down every level has {@code blocksPerLevel} residual blocks, whose results (and the
 * first convolution's) are kept; between levels pictures are halved. The {@link Middle} follows. On
 * the way up every level has {@code blocksPerLevel + 1} blocks, each of which is given one of the
 * kept results besides, last in, first out. A single level, {@code channelMultipliers = [1]}, never
 * changes the resolution: that is what the paper's two networks do.
 *
 * @param vocabularySize V, values of a colour; 256
 * @param height H, in pixels; divisible by 2 once for every level but the first
 * @param width W, likewise
 * @param colours K, tokens of a pixel: 3, or 1 for grey
 * @param embeddingWidth width of a token's embedding; also of the time's features and of the
 *     conditioning C, even
 * @param channels of the first level
 * @param channelMultipliers channels of each level, as multiples of {@code channels}
 * @param blocksPerLevel residual blocks of a level on its way down
 * @param middle what stands in the middle
 * @param scaleShift how blocks are told the conditioning: true, by scale and shift of their
 *     normalised activations (ImageNet 64x64); false, by an added bias (CIFAR-10)
 * @param groups of group normalisation; divide every number of channels that is normalised
 * @param timeConditioned whether the network sees t
 * @param dropout probability in [0, 1) that an activation of a block is dropped in training
 * @param classes K: pictures are labelled 0..K-1 and label K is the null label, "no class"; 0 for a
 *     network that is told no labels
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
    boolean scaleShift,
    int groups,
    boolean timeConditioned,
    double dropout,
    int classes)
    implements NetworkConfig {
  /** Checks every range. */
  public UNetConfig {
    channelMultipliers = List.copyOf(channelMultipliers);
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
    Ranges.requireAtLeast("classes", classes, 0);
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
    boolean conditioned = timeConditioned || classes > 0;
    if (!conditioned && (scaleShift || middle instanceof Middle.Transformer)) {
      throw new IllegalArgumentException(
          "timeConditioned (false) must be true, or classes (0) positive, for a network with scaleShift or a transformer: both need a conditioning");
    }
  }

  /**
   * The paper's CIFAR-10 network: 32 residual blocks of 128 channels a side at full resolution,
   * attention of one head in the middle; 28,427,520 parameters.
   */
  public static UNetConfig cifar10() {
    return new UNetConfig(
        256, 32, 32, 3, 128, 128, List.of(1), 32, new Middle.Attention(1), false, 32, true, 0.1, 0);
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
   * {@link #imageNet64Samples} with the 1,000 classes of ImageNet.
   *
   * <p>Deviation: the reference has no null label; here it adds one row to the table of classes, so
   * that the network can be guided.
   */
  public static UNetConfig imageNet64Classes() {
    return imageNet64Samples().withClasses(1000);
  }

  private static UNetConfig imageNet64(int blocks, int layers) {
    return new UNetConfig(
        256,
        64,
        64,
        3,
        256,
        256,
        List.of(1),
        blocks,
        new Middle.Transformer(layers, 768, 12, 2),
        true,
        32,
        true,
        0.1,
        0);
  }

  /** The same network for pictures of another size. */
  public UNetConfig withSize(int height, int width) {
    return with(
        edit -> {
          edit.height = height;
          edit.width = width;
        });
  }

  /** The same network for pictures of another number of colours. */
  public UNetConfig withColours(int colours) {
    return with(edit -> edit.colours = colours);
  }

  /** The same network with another dropout probability. */
  public UNetConfig withDropout(double dropout) {
    return with(edit -> edit.dropout = dropout);
  }

  /** The same network with another number of {@link #classes}. */
  public UNetConfig withClasses(int classes) {
    return with(edit -> edit.classes = classes);
  }

  /** The same network told the time or not. */
  public UNetConfig withTimeConditioned(boolean timeConditioned) {
    return with(edit -> edit.timeConditioned = timeConditioned);
  }

  @Override
  public ImageDenoiser create(long seed) {
    return ImageDenoiser.create(this, seed);
  }

  @Override
  public Vocabulary vocabulary() {
    return new Vocabulary(vocabularySize);
  }

  /** N, tokens of a picture: H * W * K. */
  @Override
  public int length() {
    return height * width * colours;
  }

  /** Whether pictures are told anything beside their tokens: a time, a class or both. */
  boolean conditioned() {
    return timeConditioned || classes > 0;
  }

  /** Channels of a level. */
  int channelsAt(int level) {
    return channels * channelMultipliers.get(level);
  }

  private UNetConfig with(Consumer<Edit> change) {
    Edit edit = new Edit(this);
    change.accept(edit);
    return new UNetConfig(
        vocabularySize,
        edit.height,
        edit.width,
        edit.colours,
        embeddingWidth,
        channels,
        channelMultipliers,
        blocksPerLevel,
        middle,
        scaleShift,
        groups,
        edit.timeConditioned,
        edit.dropout,
        edit.classes);
  }

  /** What can be changed, as variables. */
  private static final class Edit {
    private int height;
    private int width;
    private int colours;
    private boolean timeConditioned;
    private double dropout;
    private int classes;

    Edit(UNetConfig config) {
      height = config.height;
      width = config.width;
      colours = config.colours;
      timeConditioned = config.timeConditioned;
      dropout = config.dropout;
      classes = config.classes;
    }
  }
}
