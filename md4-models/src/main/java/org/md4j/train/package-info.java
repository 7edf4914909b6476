/**
 * Training: optimiser, averaging, the loop, evaluation, listeners and checkpoints.
 *
 * <p>Start at {@link org.md4j.train.Trainer}; {@link org.md4j.train.TextPreset} holds settings that
 * are known to work. The shape legend is in {@link org.md4j.core}.
 */
@NullMarked
package org.md4j.train;

import org.jspecify.annotations.NullMarked;
