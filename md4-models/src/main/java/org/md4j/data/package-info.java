/**
 * Data sets as the trainer sees them: text read into token sequences, split, and cut into examples;
 * pictures, each a row of bytes.
 *
 * <p>For text start at {@link org.md4j.data.TextFile}, which reads a file into a {@link
 * org.md4j.data.TokenSequence}; {@link org.md4j.data.TextSplits} divides it and {@link
 * org.md4j.data.ExampleSource} cuts a part into rows of N tokens.
 *
 * <p>For pictures start at {@link org.md4j.data.ImageData}, which opens whatever holds them as an
 * {@link org.md4j.data.ImageSource} of one {@link org.md4j.data.ImageShape}; {@link
 * org.md4j.data.ImageSplits} divides it. Pixels stay in their files until they are asked for.
 *
 * <p>The shape legend is in {@link org.md4j.core}. A problem with a user's data is a {@link
 * org.md4j.data.DataException}, whose message is one line that can be shown as it is.
 */
@NullMarked
package org.md4j.data;

import org.jspecify.annotations.NullMarked;
