package org.md4j.train;

import java.util.List;
import org.md4j.model.image.BlockConditioning;
import org.md4j.model.image.LogitHead;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.image.ValueEmbedding;

/**
 * A named image network with the settings it is trained with.
 *
 * @param name name by which a user calls the preset
 * @param network the shape of the network
 * @param trainer the settings of its training
 */
public record ImagePreset(String name, UNetConfig network, TrainerConfig trainer) {
  /**
   * The preset of grey images of 28x28 by a small U-ViT, trained in minutes on two cores.
   *
   * <p>Deviation: with values that know their neighbours, a short convolution over patches and
   * Muon, none of which is the paper's; docs/training.md has what was measured of them.
   */
  public static final ImagePreset FASHION =
      new ImagePreset(
          "fashion",
          smallUvit(28, 1, LogitHead.SMOOTH),
          TrainerConfig.builder(1_200, 32, 3e-3)
              .optimizer(
                  adamW ->
                      adamW
                          .warmupSteps(100)
                          .beta2(0.99)
                          .clipNorm(1)
                          .emaRate(0.99)
                          .muon(MuonConfig.builder(MuonConfig.USUAL_LEARNING_RATE).build()))
              .evaluation(evaluation -> evaluation.every(300).rows(512))
              .build());

  /**
   * The preset of colour images of 32x32 by a small U-ViT, trained in 39 minutes on one core.
   *
   * <p>Deviation: with what {@link #SMALL64} has.
   */
  public static final ImagePreset SMALL32 =
      new ImagePreset(
          "small32",
          smallUvit(32, 3, LogitHead.PREDICTIVE),
          TrainerConfig.builder(6_000, 4, 3e-3)
              .optimizer(
                  adamW ->
                      adamW
                          .warmupSteps(100)
                          .beta2(0.99)
                          .clipNorm(1)
                          .emaRate(0.995)
                          .muon(MuonConfig.builder(MuonConfig.USUAL_LEARNING_RATE).build()))
              .evaluation(evaluation -> evaluation.every(500).rows(128))
              .build());

  /**
   * The preset of colour images of 64x64 by a small U-ViT, trained in an hour and a quarter on one
   * core.
   *
   * <p>Deviation: with what {@link #FASHION} has, and values predicted from the known ones near by.
   */
  public static final ImagePreset SMALL64 =
      new ImagePreset(
          "small64",
          smallUvit(64, 3, LogitHead.PREDICTIVE),
          TrainerConfig.builder(4_000, 4, 3e-3)
              .optimizer(
                  adamW ->
                      adamW
                          .warmupSteps(100)
                          .beta2(0.99)
                          .clipNorm(1)
                          .emaRate(0.995)
                          .muon(MuonConfig.builder(MuonConfig.USUAL_LEARNING_RATE).build()))
              .evaluation(evaluation -> evaluation.every(500).rows(64))
              .build());

  /**
   * The paper's CIFAR-10 run: two million steps of 256 images (arXiv 2406.04329v4; reference code
   * b9fbf29, configs/md4/cifar10.py). Micro-batches of 8 images keep its activations in a few
   * gigabytes.
   *
   * <p>Deviation: learning rate 2e-4 is the reference code's, the paper's is 4e-4.
   */
  public static final ImagePreset CIFAR10 =
      new ImagePreset("cifar10", UNetConfig.cifar10(), paper(256, 32));

  /**
   * The paper's ImageNet 64x64 run of best likelihood: two million steps of 512 images
   * (configs/md4/imagenet64.py). Micro-batches of one image a replica.
   *
   * <p>Deviation: weight decay 0.01 is the reference code's, the paper's is 0.03.
   */
  public static final ImagePreset IMAGENET64 =
      new ImagePreset("imagenet64", UNetConfig.imageNet64(), paper(512, 256));

  /** The paper's ImageNet 64x64 network of best samples, trained like {@link #IMAGENET64}. */
  public static final ImagePreset IMAGENET64_SAMPLES =
      new ImagePreset("imagenet64-samples", UNetConfig.imageNet64Samples(), paper(512, 256));

  /**
   * The paper's class-conditional ImageNet 64x64 run.
   *
   * <p>Deviation: one label in ten is dropped in training, so that the network can be guided; the
   * reference drops none.
   */
  public static final ImagePreset IMAGENET64_CLASS =
      new ImagePreset(
          "imagenet64-class",
          UNetConfig.imageNet64Classes(),
          paper(512, 256).toBuilder().labelDropout(0.1).build());

  /** Every preset, smallest first. */
  public static final List<ImagePreset> ALL =
      List.of(FASHION, SMALL32, SMALL64, CIFAR10, IMAGENET64, IMAGENET64_SAMPLES, IMAGENET64_CLASS);

  /** The network that learns in minutes, on square pictures. */
  private static UNetConfig smallUvit(int size, int colours, LogitHead head) {
    return UNetConfig.builder(size, size, colours)
        .embeddingWidth(32)
        .channels(40)
        .blocksPerLevel(1)
        .middle(
            Middle.Transformer.builder()
                .layers(4)
                .width(128)
                .heads(2)
                .patch(4)
                .shortConvolution(15)
                .build())
        .blockConditioning(BlockConditioning.SCALE_SHIFT)
        .groups(8)
        .valueEmbedding(ValueEmbedding.FOURIER_FEATURES)
        .logitHead(head)
        .build();
  }

  private static TrainerConfig paper(int batchSize, int accumulation) {
    return TrainerConfig.builder(2_000_000, batchSize, 2e-4)
        .accumulation(accumulation)
        .optimizer(adamW -> adamW.warmupSteps(100).beta2(0.99).weightDecay(0.01).emaRate(0.9999))
        .evaluation(evaluation -> evaluation.every(10_000))
        .build();
  }
}
