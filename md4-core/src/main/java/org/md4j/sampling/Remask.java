package org.md4j.sampling;

/**
 * The event that a token the sampler had revealed became a mask again.
 *
 * @param example the row's number in the caller's count of rows
 * @param step the sampler's step, from 1
 * @param time the sampler's own time of that step, in [0, 1]
 * @param position n, in 0..N-1
 * @param token the token that was there, in 0..V-1
 */
public record Remask(long example, int step, double time, int position, int token)
    implements SamplingEvent {}
