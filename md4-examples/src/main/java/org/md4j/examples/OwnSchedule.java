package org.md4j.examples;

import java.nio.file.Path;
import org.md4j.data.TokenSplits;
import org.md4j.data.text.TextFile;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Training;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.train.CheckpointTypes;
import org.md4j.train.TrainerConfig;

/**
 * Masks by a schedule of your own, {@code alpha = (1 - t)^power}, trained with, saved and loaded.
 *
 * <p>You learn the three functions of a schedule, and that a record with a name in {@code
 * CheckpointTypes} comes back from a checkpoint as it was.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Dexample=OwnSchedule -Dexec.args="novel.txt
 * model.md4"}
 *
 * @param power at least 1
 */
public record OwnSchedule(double power) implements MaskingSchedule {
  static final CheckpointTypes TYPES =
      CheckpointTypes.standard().withSchedule("own", OwnSchedule.class);

  /** Trains on the text of the first argument, saves the model as the second and loads it. */
  public static void main(String[] args) {
    train(TextFile.read(Path.of(args[0])).split(), 64, 300, Path.of(args[1]));
    try (var model = MaskedDiffusion.load(Path.of(args[1]), TYPES)) {
      System.out.println(model.fit().commonSchedule() + ": " + model.sample(1).texts());
    }
  }

  static void train(TokenSplits text, int length, int steps, Path file) {
    var network = TransformerConfig.builder(27, length).layers(2).heads(2).headSize(16).build();
    var objective = new ContinuousTimeElbo(new OwnSchedule(1.5).clipped(1e-4));
    var config = TrainerConfig.builder(steps, 16, 3e-3).build();
    var training = Training.builder(config).objective(objective).checkpoint(file).types(TYPES);
    MaskedDiffusion.train(text, network, training.build()).close();
  }

  @Override
  public double alpha(double t) {
    return Math.pow(1 - t, power);
  }

  @Override
  public double oneMinusAlpha(double t) {
    return -Math.expm1(power * Math.log1p(-t)); // exact near t = 0, where 1 - alpha is not
  }

  @Override
  public double alphaPrime(double t) {
    return -power * Math.pow(1 - t, power - 1);
  }
}
