/**
 * The likelihood of held-out rows under a network, each number with its error and its protocol.
 *
 * <p>Start at {@link org.md4j.likelihood.LikelihoodEstimator}: the negative evidence lower bound of
 * a text, with a standard error, for a budget or to a wanted precision. {@link
 * org.md4j.likelihood.PairedComparison} tells two networks apart, {@link
 * org.md4j.likelihood.ProtocolChooser} finds the cheapest estimator. {@link
 * org.md4j.likelihood.ChainRule}, {@link org.md4j.likelihood.PolicyLikelihood} and {@link
 * org.md4j.likelihood.EvidenceBracket} go beyond the bound; {@link
 * org.md4j.likelihood.InfillLikelihood} measures blanks given the rest.
 *
 * <p>What is reported of a token is in bits per token: values, standard errors, intervals and the
 * precision wanted. What is summed for a row is in nats of the row and says so in its name. The
 * shape legend is in {@link org.md4j.core}.
 */
@NullMarked
package org.md4j.likelihood;

import org.jspecify.annotations.NullMarked;
