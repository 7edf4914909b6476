/**
 * Objectives that networks are trained on and judged by: bounds on the negative log-likelihood,
 * their terms, and their closed-form gradients with respect to logits and learned schedules.
 *
 * <p>Start at {@link org.md4j.objective.Objective}; {@link org.md4j.objective.Elbo} is MD4's,
 * {@link org.md4j.objective.StateDependentElbo} GenMD4's; one of your own begins with {@link
 * org.md4j.objective.ElboVariant} and {@link org.md4j.objective.HostCost}. The shape legend is in
 * {@link org.md4j.core}.
 */
@NullMarked
package org.md4j.objective;

import org.jspecify.annotations.NullMarked;
