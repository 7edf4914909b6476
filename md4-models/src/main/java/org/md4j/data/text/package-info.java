/**
 * Text as tokens: files read into sequences, tokenizers, templates to fill in.
 *
 * <p>Start at {@link org.md4j.data.text.TextFile}, which reads a file into a {@link
 * org.md4j.data.TokenSequence}; {@link org.md4j.data.text.TextSplits} divides it.
 */
@NullMarked
package org.md4j.data.text;

import org.jspecify.annotations.NullMarked;
