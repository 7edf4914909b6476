package org.md4j.model.layer;

import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * The sizes of a layer: what it takes, beside its parameters, to build it again. A record whose
 * components DL4J writes to JSON under their names; two are equal if and only if they are the same
 * layer. A layer and its specification share a file.
 *
 * <p>One of your own is a public record with a layer of your own behind {@link #layer}; see {@code
 * docs/guide/own-layer.md}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
public interface LayerSpec {
  /** The layer's parameters: their names, shapes and initial values, in the order they lie in. */
  ParameterLayout parameterLayout();

  /** The number of input arrays. */
  int inputCount();

  /** Makes the layer, on parameters that exist. */
  Layer layer(Place place);
}
