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
  /** Parameters, their average, AdamW's two vectors and the gradients of one replica. */
  private static final int VECTORS = 5;

  private static final String NOTHING = "only a smaller --preset fits";

  /** Makes the comparison for a run on this machine. */
  static TrainingRoom here(RunConfig config, Precision precision) {
    return new TrainingRoom(config, precision, MachineMemory.here());
  }

  /**
   * Checks that the training fits; one of a network that does not say what it needs is let pass.
   *
   * @param resumed whether the settings are those of a run, not to be changed
   * @throws CommandException if not: with what is needed, what there is, and what would fit
   */
  void require(boolean resumed) {
    NetworkConfig network = config.network();
    long parameters = network.parameterCount().orElse(0);
    machine.require(
        Math.multiplyExact(parameters, (long) VECTORS * Float.BYTES),
        "for parameters and what belongs to them alone",
        () -> NOTHING);
    memory(network, config.trainer())
        .ifPresent(
            memory ->
                machine.require(
                    memory.bytes(),
                    "for this training",
                    () -> resumed ? "the run can go on where there is as much" : remedy()));
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
      return "--batch " + batch + " fits";
    }
    if (network instanceof TransformerConfig text) {
      int length =
          MachineMemory.largest(
              text.length() - 1, tokens -> fits(text.toBuilder().length(tokens).build(), trainer));
      return length > 0 ? "--length " + length + " fits" : NOTHING;
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
