/**
 * Denoising networks as the trainer sees them. Start at {@link org.md4j.model.TrainableDenoiser};
 * the text transformer is in {@link org.md4j.model.text}.
 */
@NullMarked
package org.md4j.model;

import org.jspecify.annotations.NullMarked;
