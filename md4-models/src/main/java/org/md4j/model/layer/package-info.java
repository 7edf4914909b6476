/**
 * What the layers of all networks are made of, with hand-derived backward passes.
 *
 * <p>A layer is a specification ({@link org.md4j.model.layer.LayerSpec}: sizes, parameter layout,
 * JSON) and what runs ({@link org.md4j.model.layer.Layer}: memory, forward, backward), written in
 * the operations of {@link org.md4j.compute.Compute}. A layer owns its saved activations; scratch
 * is shared by the layers of one network through its {@link org.md4j.model.layer.Replica}. Nothing
 * is static, nothing large is allocated once sizes are known, and a network is used by one thread.
 * {@link org.md4j.model.layer.LayerNetwork} runs the layers; DL4J holds them behind {@link
 * org.md4j.model.layer.LayerVertex}.
 *
 * <p>Shapes: B rows, N positions, M = B * N, D model width, F feed-forward width, H heads, h head
 * size, C conditioning width, P wanted positions, V real tokens. Activations are [B, N, D] in c
 * order and are worked on as [M, D].
 */
@NullMarked
package org.md4j.model.layer;

import org.jspecify.annotations.NullMarked;
