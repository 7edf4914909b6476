package org.md4j.cli.train;

import java.util.Optional;
import org.md4j.cli.machine.MachineMemory;
import org.md4j.cli.run.RunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.compute.Precision;
import org.md4j.model.NetworkConfig;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingMemory;

/**
 * Compares the memory that a training needs with what there is, before any of it is taken.
 *
 * @param config the settings of the run
 * @param precision what the network computes in
 * @param machine what there is
 */
record TrainingRoom(RunConfig config, Precision precision, MachineMemory machine) {
  /** Parameters, their average and AdamW's two vectors; gradients come on top, a replica's each. */
  private static final int VECTORS = 4;

  private static final String NOTHING = "only a smaller --preset";

  /** Makes the comparison for a run on this machine. */
  static TrainingRoom here(RunConfig config, Precision precision) {
    return new TrainingRoom(config, precision, MachineMemory.here());
  }

  /**
   * Checks that the training fits; one of a network that does not say what it needs is let pass.
   *
   * @throws CommandException if not: with what is needed, what there is, and what would fit
   */
  void require() {
    NetworkConfig network = config.network();
    TrainerConfig trainer = config.trainer();
    machine.require(
        vectors(network, trainer), "for parameters and what belongs to them alone", () -> NOTHING);
    memory(network, trainer)
        .ifPresent(memory -> machine.require(memory.bytes(), "for this training", this::remedy));
  }

  private static long vectors(NetworkConfig network, TrainerConfig trainer) {
    long parameters = network.parameterCount().orElse(0);
    return Math.multiplyExact(parameters * Float.BYTES, (long) VECTORS + trainer.replicas());
  }

  private Optional<TrainingMemory> memory(NetworkConfig network, TrainerConfig trainer) {
    return TrainingMemory.of(network, config.objective(), trainer, precision);
  }

  private boolean fits(NetworkConfig network, TrainerConfig trainer) {
    return memory(network, trainer).map(memory -> machine.holds(memory.bytes())).orElse(true);
  }

  /** What fits: a smaller batch if there is one, else shorter rows, else another network. */
  private String remedy() {
    NetworkConfig network = config.network();
    TrainerConfig trainer = config.trainer();
    int batch =
        MachineMemory.largest(
            trainer.microBatchRows() - 1, rows -> fits(network, withBatch(trainer, rows)));
    if (batch > 0) {
      return "--batch " + batch;
    }
    if (network instanceof TransformerConfig text) {
      int length =
          MachineMemory.largest(
              text.length() - 1, tokens -> fits(text.toBuilder().length(tokens).build(), trainer));
      return length > 0 ? "--length " + length : NOTHING;
    }
    return NOTHING;
  }

  private static TrainerConfig withBatch(TrainerConfig trainer, int rows) {
    return trainer.toBuilder()
        .batchSize(rows)
        .accumulation(1)
        .replicas(Math.min(trainer.replicas(), rows))
        .build();
  }
}
