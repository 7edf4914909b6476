package org.md4j.sampling;

/**
 * A row that a sampler drew, with the row it started from.
 *
 * <p>The arrays are not copied; nobody may change them while the row is in use.
 *
 * @param example its number among the sampler's draws, as in {@link Reveal#example}
 * @param start the tokens it began as, [N], masks where something was to be drawn
 * @param tokens what became of it, [N], no masks
 */
public record DrawnRow(long example, int[] start, int[] tokens) {}
