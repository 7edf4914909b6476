/**
 * The front door: a trained model as one thing. Most users need only {@link
 * org.md4j.diffusion.MaskedDiffusion}, which loads, saves, samples, fills in, measures and goes on
 * training; {@link org.md4j.diffusion.Training} says how to train one, {@link
 * org.md4j.diffusion.SamplingSettings} how to draw from it.
 *
 * <p>{@link org.md4j.diffusion.Fit} is the one place that knows which sampler, bound and schedule
 * fit an objective. Everything here is put together from the packages below, which stay open to
 * those who want more: {@link org.md4j.train.Trainer}, {@link org.md4j.sampling.ReverseSampler},
 * {@link org.md4j.likelihood.LikelihoodEstimator}. The shape legend is in {@link org.md4j.core}.
 */
@NullMarked
package org.md4j.diffusion;

import org.jspecify.annotations.NullMarked;
