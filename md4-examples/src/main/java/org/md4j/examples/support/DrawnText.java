package org.md4j.examples.support;

/**
 * One text that was drawn.
 *
 * @param example its number among the sampler's draws
 * @param start the tokens it began as, [N], masks where something was to be drawn
 * @param text its characters
 */
public record DrawnText(long example, int[] start, String text) {}
