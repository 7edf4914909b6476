package org.md4j.sampling;

/**
 * The event that a mask became a token.
 *
 * @param example the row's number in the caller's count of rows
 * @param step the sampler's step, from 1; on a grid of T steps, T + 1 fills a mask that was left
 *     over
 * @param time the sampler's own time of that step, in [0, 1]
 * @param position n, in 0..N-1
 * @param token in 0..V-1
 * @param probability the network's probability of that token there, before any {@link LogitFilter}
 * @param entropy of the network's prediction there, in nats, before any filter
 */
public record Reveal(
    long example,
    int step,
    double time,
    int position,
    int token,
    double probability,
    double entropy)
    implements SamplingEvent {}
