package org.md4j.data.text;

/**
 * A document of a {@link Corpus}, or a part of one that is too long to be held whole.
 *
 * @param text may be empty; of a part, begins where the part before it ended
 * @param endsDocument whether the document ends here
 */
public record Passage(String text, boolean endsDocument) {}
