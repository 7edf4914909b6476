package org.md4j.model.image;

/** How the residual blocks of a U-Net are told the conditioning. */
public enum BlockConditioning {
  /** By scale and shift of their normalised activations: the paper's ImageNet 64x64 networks. */
  SCALE_SHIFT,

  /** By an added bias: the paper's CIFAR-10 network. */
  BIAS
}
