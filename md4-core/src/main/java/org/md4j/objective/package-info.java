/**
 * Negative evidence lower bounds, their terms and their closed-form gradients.
 *
 * <p>Start at {@link org.md4j.objective.Elbo}. The shape legend is in {@link org.md4j.core}.
 */
@NullMarked
package org.md4j.objective;

import org.jspecify.annotations.NullMarked;
