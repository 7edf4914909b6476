/**
 * Measures a model of words on sets it was not trained on, as the literature does, with every
 * choice named: perplexities of {@link org.md4j.zeroshot.EvaluationText}, the last word of a
 * passage filled in ({@link org.md4j.zeroshot.LastWords}), and the likeliest of some endings
 * ({@link org.md4j.zeroshot.MultipleChoice}).
 *
 * <p>Files are read as they are published; none comes with the library.
 */
@NullMarked
package org.md4j.zeroshot;

import org.jspecify.annotations.NullMarked;
