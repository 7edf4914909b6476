package org.md4j.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where a layer stands: all that its base class needs and its specification does not say.
 *
 * @param layout the layer's parameters
 * @param parameters their part of the network's flat vector, written to by whoever trains; empty
 *     for a layer without parameters
 * @param number the layer's number within the network, which its dropout is drawn by
 * @param replica what the layers of one running network share
 */
public record Place(ParameterLayout layout, INDArray parameters, int number, Replica replica) {}
