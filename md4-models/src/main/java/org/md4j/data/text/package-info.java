/**
 * Text as tokens: files read into sequences, corpora into shards, tokenizers, templates to fill in.
 *
 * <p>Start at {@link org.md4j.data.text.TextFile}, which reads a file into a {@link
 * org.md4j.data.TokenSequence}. {@link org.md4j.data.text.Text27Tokenizer} knows 27 symbols, {@link
 * org.md4j.data.text.ByteTokenizer} all text, {@link org.md4j.data.text.Gpt2Tokenizer} and {@link
 * org.md4j.data.text.HuggingFaceTokenizer} all text in words and parts of them. A {@link
 * org.md4j.data.text.Corpus} of many documents becomes tokens by {@link
 * org.md4j.data.text.CorpusPreparation}.
 */
@NullMarked
package org.md4j.data.text;

import org.jspecify.annotations.NullMarked;
