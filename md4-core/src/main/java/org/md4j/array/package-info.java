/**
 * The one room for what ND4J 1.0.0-M2.1 does wrong and md4-core works around, each with a test that
 * shows the bug in plain ND4J, so that a release that mends it is noticed.
 *
 * <p>{@link org.md4j.array.MatrixRows} cuts rows out of a matrix that begins inside another array;
 * {@link org.md4j.array.BoundedShapes} keeps the number of shapes small, each of which ND4J
 * remembers for good. The softmax that is not a number for very negative logits is avoided where
 * softmax is used, in {@code org.md4j.objective.LogitWorkspace}.
 */
@NullMarked
package org.md4j.array;

import org.jspecify.annotations.NullMarked;
