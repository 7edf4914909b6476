package org.md4j.objective;

import org.md4j.core.Rows;
import org.md4j.core.Uniforms;

/**
 * The rows of a training step, with their randomness.
 *
 * <p>The arrays are not copied.
 *
 * @param clean x_0, [B, N], no masks; numbered as they are within the step
 * @param levels the noise level of each row, [B], in [0, 1)
 * @param masks the masks' randomness
 * @param dropout the randomness of the network's dropout
 */
public record TrainingRows(Rows clean, double[] levels, Uniforms masks, Uniforms dropout) {}
