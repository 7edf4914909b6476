package org.md4j.examples;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.md4j.core.RowSource;
import org.md4j.data.text.TextFile;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Training;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingListener;

/**
 * Stops a training half-way and goes on with it, to the very bits of the unbroken one.
 *
 * <p>You learn when checkpoints are written, how a listener sees them, and that data and settings
 * must be the same again; the arrays of the optimiser are in the checkpoint.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Dexample=StopAndResume
 * -Dexec.args="novel.txt half.md4"}
 */
public final class StopAndResume {
  private StopAndResume() {}

  /** Trains on the text of the first argument, with the second as the checkpoint. */
  public static void main(String[] args) {
    RowSource rows = TextFile.read(Path.of(args[0])).windows(32);
    System.out.println("the same bits: " + resumesToTheBit(rows, 100, Path.of(args[1])));
  }

  static boolean resumesToTheBit(RowSource rows, int steps, Path file) {
    var network = TransformerConfig.builder(27, rows.length()).layers(1).heads(2).headSize(8);
    var config =
        TrainerConfig.builder(steps, 8, 3e-3)
            .checkpoints(checkpoints -> checkpoints.every(steps / 2));
    var training = Training.of(config.evaluation(some -> some.rows(64)).build());
    var stopped = training.toBuilder().checkpoint(file).listener(new Stop()).build();
    try {
      MaskedDiffusion.train(rows, rows, network.build(), stopped).close();
    } catch (CancellationException e) {
      System.out.println(e.getMessage());
    }
    try (var half = MaskedDiffusion.load(file);
        var resumed = half.continueTraining(rows, rows, training);
        var unbroken = MaskedDiffusion.train(rows, rows, network.build(), training)) {
      float[] expected = unbroken.checkpoint().average().toFloatVector();
      return Arrays.equals(resumed.checkpoint().average().toFloatVector(), expected);
    }
  }

  private record Stop() implements TrainingListener {
    @Override
    public void onCheckpoint(Path file) {
      throw new CancellationException("stopped at " + file);
    }
  }
}
