/**
 * The reverse process, which draws rows of tokens from a denoiser.
 *
 * <p>Start at {@link org.md4j.sampling.EventDrivenSampler}; {@link org.md4j.sampling.Template} is
 * for infilling. A {@link org.md4j.sampling.ReverseSampler} decides when which position is
 * revealed, {@link org.md4j.sampling.Decoding} how the network is asked and what tokens are drawn
 * from. {@link org.md4j.sampling.StateDependentEventDrivenSampler} is for networks trained with a
 * state-dependent schedule, {@link org.md4j.sampling.AutoregressiveSampler} for causal ones. {@link
 * org.md4j.sampling.RowSampling} draws many rows of many lengths.
 *
 * <p>{@link org.md4j.sampling.FixedOrderSampler} reveals in a {@link
 * org.md4j.sampling.PositionOrder}, which the network has no say in.
 *
 * <p>A sampler of one's own is written with a {@link org.md4j.sampling.SamplingRun}. The shape
 * legend is in {@link org.md4j.core}.
 */
@NullMarked
package org.md4j.sampling;

import org.jspecify.annotations.NullMarked;
