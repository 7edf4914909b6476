package org.md4j.cli.draw;

/**
 * One text or picture that was drawn.
 *
 * @param example its number among the sampler's draws
 * @param start the tokens it began as, [N], masks where something was to be drawn
 * @param tokens what became of it, [N]
 */
public record DrawnRow(long example, int[] start, int[] tokens) {}
