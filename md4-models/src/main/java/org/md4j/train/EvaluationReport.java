package org.md4j.train;

import org.md4j.objective.ElboTerms;

/**
 * The negative ELBO of validation rows under the averaged parameters, one sample of time and masks
 * a row.
 *
 * @param step steps done
 * @param bitsPerToken mean over rows, reconstruction and prior included
 * @param standardError standard error of bitsPerToken, from the means of groups of rows whose times
 *     are spread evenly; NaN if there was one group only
 * @param terms means over rows, nats of one row
 * @param rows used
 * @param seconds it took
 */
public record EvaluationReport(
    int step,
    double bitsPerToken,
    double standardError,
    ElboTerms terms,
    long rows,
    double seconds) {}
