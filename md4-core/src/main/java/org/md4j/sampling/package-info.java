/**
 * The reverse process: drawing rows of tokens from a denoiser.
 *
 * <p>Start at {@link org.md4j.sampling.AncestralSampler}. The shape legend is in {@link
 * org.md4j.core}.
 */
@NullMarked
package org.md4j.sampling;

import org.jspecify.annotations.NullMarked;
