package org.md4j.sampling;

import org.md4j.core.TokenBatch;

/**
 * The rows that a sampler drew, and what they cost.
 *
 * @param tokens [B, N], no masks
 * @param cost the accounting of this call
 */
public record SamplingResult(TokenBatch tokens, SamplingCost cost) {}
