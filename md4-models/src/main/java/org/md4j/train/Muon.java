package org.md4j.train;

import java.util.List;
import java.util.Optional;
import org.md4j.compute.ComputeBackend;
import org.md4j.model.TrainableDenoiser;
import org.md4j.model.layer.ParameterMatrix;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The part of a run's update that is Muon's; the formula is at {@link MuonConfig}.
 *
 * @param matrices matrices that are updated, at least one, in order and apart
 * @param config momentum and iterations
 * @param learningRate the rate by step
 * @param weightDecay decay of the matrices, in parts of this rate
 * @param backend what computes products
 */
record Muon(
    List<ParameterMatrix> matrices,
    MuonConfig config,
    LearningRateSchedule learningRate,
    double weightDecay,
    ComputeBackend backend) {
  Muon {
    matrices = List.copyOf(matrices);
  }

  /**
   * Returns the Muon that a run's settings ask for, if they do.
   *
   * @throws IllegalArgumentException if they ask for it and the network names no matrices, or such
   *     as overlap or lie outside its parameters
   */
  static Optional<Muon> of(TrainableDenoiser network, TrainerConfig config) {
    OptimizerConfig settings = config.optimizer();
    MuonConfig muon = settings.muon();
    if (!muon.enabled()) {
      return Optional.empty();
    }
    List<ParameterMatrix> matrices = network.matrices();
    if (matrices.isEmpty()) {
      throw new IllegalArgumentException(
          "muon.learningRate (%s) must be 0 for a network that names no matrices, got %s"
              .formatted(muon.learningRate(), network.getClass().getName()));
    }
    long end = 0;
    for (ParameterMatrix matrix : matrices) {
      if (matrix.offset() < end || matrix.end() > network.parameters().length()) {
        throw new IllegalArgumentException(
            "matrices of %s must be in order, apart and within the %d parameters, got %s after %d"
                .formatted(
                    network.getClass().getName(), network.parameters().length(), matrix, end));
      }
      end = matrix.end();
    }
    return Optional.of(
        new Muon(
            matrices,
            muon,
            settings.schedule(muon.learningRate(), config.steps()),
            settings.weightDecay(),
            network.backend()));
  }

  /** Makes what orthogonalises the matrices that one thread updates. */
  NewtonSchulz open(DataType type) {
    return new NewtonSchulz(backend.open(type), config.iterations());
  }
}
