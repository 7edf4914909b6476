package org.md4j.data.image;

/**
 * An image that was left out of a set because it cannot be read.
 *
 * @param name its file
 * @param reason what is wrong with it
 */
public record UnreadableImage(String name, String reason) {}
