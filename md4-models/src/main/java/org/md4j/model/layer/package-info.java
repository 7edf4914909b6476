/**
 * The layers of the text transformer and of the image U-Net, as vertices of a DeepLearning4J
 * ComputationGraph with hand-derived backward passes.
 *
 * <p>Each layer is a configuration ({@link org.md4j.model.layer.DenoiserLayerConfiguration}: sizes,
 * parameter layout, serialised by DL4J as JSON) and an instance ({@link
 * org.md4j.model.layer.DenoiserLayer}: buffers, forward, backward). A layer owns its saved
 * activations; scratch is shared by the layers of one graph through its {@link
 * org.md4j.model.layer.ReplicaContext}. Nothing is static, nothing is allocated once sizes are
 * known, and a graph is used by one thread.
 *
 * <p>Shapes: B rows, N positions, M = B * N, D model width, F feed-forward width, H heads, h head
 * size, C conditioning width, P wanted positions, V real tokens. Activations are [B, N, D] in c
 * order and are worked on as [M, D].
 *
 * <p>DL4J's own layers are not used: M2.1 has no layer normalisation, its attention swaps fan-in
 * and fan-out when initialised, and its vertices allocate their results every call.
 */
@NullMarked
package org.md4j.model.layer;

import org.jspecify.annotations.NullMarked;
