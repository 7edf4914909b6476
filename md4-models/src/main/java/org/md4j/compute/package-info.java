/**
 * The dense operations that networks are written in, behind one seam.
 *
 * <p>{@link org.md4j.compute.Compute} says what is computed; {@link
 * org.md4j.compute.ComputeBackend} says by which library and in which precision, chosen once when a
 * network is made. A {@link org.md4j.compute.Tensor} is memory with a shape, {@link
 * org.md4j.compute.Memory} is memory that grows to the largest shape it was asked for, and {@link
 * org.md4j.compute.Scratch} is memory that operations in a row share. Nothing is allocated once the
 * largest sizes were seen.
 *
 * <p>Shapes: B examples, N rows of an example, M = B * N, D width.
 */
@NullMarked
package org.md4j.compute;

import org.jspecify.annotations.NullMarked;
