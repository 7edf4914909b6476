/**
 * Data as the trainer sees it, whatever it is of: sequences of tokens and documents, rows of N
 * tokens cut from them, and the tokenizers that text is read with.
 *
 * <p>Start at {@link org.md4j.data.TokenSequence}, which takes tokens of your own from memory or
 * from a mapped file and cuts them into rows; {@link org.md4j.data.TokenDocuments} keeps documents
 * apart, {@link org.md4j.data.TokenShards} has them in files of a folder. Text is read by {@code
 * org.md4j.data.text}, images by {@code org.md4j.data.image}; both build on this package, never the
 * reverse.
 *
 * <p>The shape legend is in {@link org.md4j.core}. A problem with a user's data is a {@link
 * org.md4j.data.DataException}, whose message is one line that can be shown as it is.
 */
@NullMarked
package org.md4j.data;

import org.jspecify.annotations.NullMarked;
