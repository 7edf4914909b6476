/**
 * Data as the trainer sees it, whatever it is of: sequences of tokens, and rows of N tokens cut
 * from them.
 *
 * <p>Start at {@link org.md4j.data.TokenSequence}, which cuts itself into a {@link
 * org.md4j.core.RowSource}. Text is read by {@code org.md4j.data.text}, images by {@code
 * org.md4j.data.image}; both build on this package, never the reverse.
 *
 * <p>The shape legend is in {@link org.md4j.core}. A problem with a user's data is a {@link
 * org.md4j.data.DataException}, whose message is one line that can be shown as it is.
 */
@NullMarked
package org.md4j.data;

import org.jspecify.annotations.NullMarked;
