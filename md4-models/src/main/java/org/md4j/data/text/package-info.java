/**
 * Text as tokens: files read into sequences, tokenizers, templates to fill in.
 *
 * <p>Start at {@link org.md4j.data.text.TextFile}, which reads a file into a {@link
 * org.md4j.data.TokenSequence}. {@link org.md4j.data.text.Text27Tokenizer} knows 27 symbols, {@link
 * org.md4j.data.text.ByteTokenizer} all text.
 */
@NullMarked
package org.md4j.data.text;

import org.jspecify.annotations.NullMarked;
