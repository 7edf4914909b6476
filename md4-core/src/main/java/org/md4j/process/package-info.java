/**
 * The forward process, which masks tokens as time runs from 0 to 1.
 *
 * <p>Start at {@link org.md4j.process.ForwardProcess}; {@link org.md4j.process.AntitheticTimes}
 * draws the times of a batch. {@link org.md4j.process.StateDependentProcess} is the one of
 * state-dependent schedules. The shape legend is in {@link org.md4j.core}.
 */
@NullMarked
package org.md4j.process;

import org.jspecify.annotations.NullMarked;
