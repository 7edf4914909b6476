package org.md4j.examples;

import java.nio.file.Path;
import org.md4j.data.text.TextFile;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Training;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.train.CheckpointTypes;
import org.md4j.train.TextPreset;

/**
 * Masks by a schedule of your own, {@code alpha = (1 - t)^power}, trained with, saved and loaded.
 *
 * <p>You learn its three functions, and that a name in {@code CheckpointTypes} brings it back:
 * {@code mvn -q compile exec:java -pl md4-examples -Dexample=OwnSchedule -Dexec.args="novel.txt
 * model.md4"}
 *
 * @param power at least 1
 */
public record OwnSchedule(double power) implements MaskingSchedule {
  static final CheckpointTypes TYPES =
      CheckpointTypes.standard().withSchedule("own", OwnSchedule.class);

  /** Trains on the text of the first argument, saves the model as the second and loads it. */
  public static void main(String[] args) {
    train(Path.of(args[0]), TextPreset.TINY, Path.of(args[1]));
    try (var model = MaskedDiffusion.load(Path.of(args[1]), TYPES)) {
      System.out.println(model.fit().commonSchedule() + ": " + model.sample(1).texts());
    }
  }

  static void train(Path text, TextPreset preset, Path file) {
    var own = new ContinuousTimeElbo(new OwnSchedule(1.5).clipped(1e-4));
    var training = Training.builder(preset.trainer()).objective(own).checkpoint(file).types(TYPES);
    MaskedDiffusion.train(TextFile.read(text).split(), preset.network(), training.build()).close();
  }

  @Override
  public double alpha(double t) {
    return Math.pow(1 - checked(t), power);
  }

  @Override
  public double oneMinusAlpha(double t) {
    return -Math.expm1(power * Math.log1p(-checked(t))); // exact near t = 0, as 1 - alpha is not
  }

  @Override
  public double alphaPrime(double t) {
    return -power * Math.pow(1 - checked(t), power - 1);
  }

  private static double checked(double t) {
    if (!(t >= 0 && t <= 1)) {
      throw new IllegalArgumentException("t (" + t + ") must be in [0, 1]");
    }
    return t;
  }
}
