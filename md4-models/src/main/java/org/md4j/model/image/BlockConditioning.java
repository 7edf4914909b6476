package org.md4j.model.image;

/** The way the residual blocks of a U-Net are told the conditioning. */
public enum BlockConditioning {
  /** Scale and shift of normalised activations: the paper's ImageNet 64x64 networks. */
  SCALE_SHIFT,

  /** An added bias: the paper's CIFAR-10 network. */
  BIAS
}
