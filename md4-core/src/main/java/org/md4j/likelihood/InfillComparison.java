package org.md4j.likelihood;

/**
 * A measurement of infilling with each of the two times a network can be told, on the same rows,
 * numbers of masks and sets; bits per blank.
 *
 * @param ofStep bits per blank with {@link org.md4j.sampling.ToldTime#OF_STEP}, mean over rows
 * @param ofVisibleTokens bits per blank with {@link org.md4j.sampling.ToldTime#OF_VISIBLE_TOKENS},
 *     mean over rows
 * @param difference {@code ofStep - ofVisibleTokens}, bits per blank; positive if the visible
 *     tokens' time is the better one
 * @param draws numbers of masks for each row
 * @param evaluations rows given to the network
 * @param seed of the numbers and sets
 */
public record InfillComparison(
    SampleMean ofStep,
    SampleMean ofVisibleTokens,
    SampleMean difference,
    int draws,
    long evaluations,
    long seed) {}
