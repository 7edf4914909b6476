/**
 * Trains networks: optimiser, averaging, the loop, evaluation, listeners and checkpoints.
 *
 * <p>Start at {@link org.md4j.train.Trainer}, which trains any {@link
 * org.md4j.model.TrainableDenoiser} on any {@link org.md4j.objective.Objective} and any rows.
 * {@link org.md4j.train.TextPreset} and {@link org.md4j.train.ImagePreset} hold settings that are
 * known to work. A {@link org.md4j.train.Checkpoint} is what a run is resumed from and its network
 * sampled with; {@link org.md4j.train.CheckpointTypes} lets it hold schedules, networks, objectives
 * and tokenizers of your own. The shape legend is in {@link org.md4j.core}.
 */
@NullMarked
package org.md4j.train;

import org.jspecify.annotations.NullMarked;
