/**
 * The nouns everything else is written in: a vocabulary, rows of tokens, a network seen from
 * outside, and random numbers that are an argument.
 *
 * <p>Most users need {@link org.md4j.core.Vocabulary}, {@link org.md4j.core.TokenBatch} and {@link
 * org.md4j.core.CounterRandom} from here, then a {@link org.md4j.schedule.MaskingSchedule}, an
 * {@link org.md4j.objective.Elbo} to train or evaluate with and a {@link
 * org.md4j.sampling.ReverseSampler} to draw with. A network is a {@link org.md4j.core.Denoiser};
 * nothing in md4-core knows what is behind it.
 *
 * <h2>Shape legend, used in every package</h2>
 *
 * <table>
 *   <caption>Letters</caption>
 *   <tr><td>B</td><td>rows (examples) of a batch</td></tr>
 *   <tr><td>N</td><td>tokens in a row</td></tr>
 *   <tr><td>V</td><td>real token values; the mask is the extra id V</td></tr>
 *   <tr><td>P</td><td>positions of a batch at which logits are wanted, as flat indices row * N + n</td></tr>
 *   <tr><td>K</td><td>classes that rows are labelled with</td></tr>
 *   <tr><td>M</td><td>masks (blanks) of one row</td></tr>
 *   <tr><td>S</td><td>independent masks drawn for a training row</td></tr>
 *   <tr><td>D</td><td>draws for one row when it is measured: noise levels, or orders</td></tr>
 *   <tr><td>G</td><td>groups of rows, the independent observations of a measurement</td></tr>
 *   <tr><td>T</td><td>steps of a sampler, or of a bound in discrete time</td></tr>
 *   <tr><td>t, s</td><td>times in [0, 1], 0 = data, 1 = all masked, s &lt; t</td></tr>
 *   <tr><td>alpha(t)</td><td>probability that a token is still unmasked at t</td></tr>
 * </table>
 *
 * <p>Discrete things (tokens, times, draws) are Java arrays on the host and exact; dense things
 * (logits) are ND4J arrays in c order. Logarithms are natural. What is summed for a row (an
 * example) is in nats of the row; what is reported of a token is in bits per token.
 */
@NullMarked
package org.md4j.core;

import org.jspecify.annotations.NullMarked;
