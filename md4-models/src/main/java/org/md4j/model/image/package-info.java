/**
 * The image denoisers of MD4: the U-Net of its CIFAR-10 runs, the U-ViT of its ImageNet 64x64 runs
 * and networks between and below them, all of one {@link org.md4j.model.image.UNetConfig}.
 *
 * <p>An image is a row of N = H * W * S tokens, pixel by pixel in rows, the S colours of a pixel
 * beside each other; every colour of every pixel is a token of 256 values.
 */
@NullMarked
package org.md4j.model.image;

import org.jspecify.annotations.NullMarked;
