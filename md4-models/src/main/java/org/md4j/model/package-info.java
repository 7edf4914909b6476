/**
 * Denoising networks as the trainer sees them, and their replicas on all cores.
 *
 * <p>Start at {@link org.md4j.model.TrainableDenoiser}, the seam behind which any network is
 * trained; {@link org.md4j.model.NetworkConfig} is its shape. Two kinds are here: the transformer
 * of {@link org.md4j.model.text}, and the U-Net and U-ViT of {@link org.md4j.model.image}. {@link
 * org.md4j.model.ParallelDenoiser} spreads questions over replicas of a network. {@link
 * org.md4j.model.GraphDenoiser} and {@link org.md4j.model.DenoiserGraph} are what both kinds have
 * in common, a DL4J graph of the layers in {@link org.md4j.model.layer}.
 */
@NullMarked
package org.md4j.model;

import org.jspecify.annotations.NullMarked;
