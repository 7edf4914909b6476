/**
 * Measures how good generated images and texts are, and the cost by codes that a likelihood in bits
 * per dimension is to be compared with.
 *
 * <p>Quality of images: {@link org.md4j.quality.ImageFeatures} turns images into vectors, a {@link
 * org.md4j.quality.FeatureAccumulator} sums them up, {@link org.md4j.quality.FrechetDistance} and
 * {@link org.md4j.quality.PrecisionRecall} compare two sets of them. Whose features they are
 * decides what a number means: only those of the Inception network give an FID. {@link
 * org.md4j.quality.ImageJudge} does all of it for sets of images of one size.
 *
 * <p>Quality of texts: {@link org.md4j.quality.TextQuality} by a {@link
 * org.md4j.quality.NgramModel}.
 *
 * <p>What images cost without a network: {@link org.md4j.quality.ImageCodeCost}.
 *
 * <p>Shapes: M vectors (images), F features, [M, F] c order; an image is a row of N = H W S tokens
 * as everywhere (the legend is in {@link org.md4j.core}).
 */
@NullMarked
package org.md4j.quality;

import org.jspecify.annotations.NullMarked;
