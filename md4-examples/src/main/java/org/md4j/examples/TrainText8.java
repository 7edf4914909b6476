package org.md4j.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import org.md4j.data.TokenSplits;
import org.md4j.data.text.TextFile;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Training;
import org.md4j.likelihood.LikelihoodEstimate;
import org.md4j.train.LoggingListener;
import org.md4j.train.TextPreset;

/**
 * Trains the paper's text8 model (arXiv 2406.04329v4, section 6.1) and measures it.
 *
 * <p>You learn that a preset is a network and the settings of its training, and how a run of many
 * days is made to go on where it was stopped: start it again.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Pcuda -Dexample=TrainText8
 * -Dexec.args="text8 1000000"}, without {@code -Pcuda} on the processor
 */
public final class TrainText8 {
  private TrainText8() {}

  /** Trains on the file of the first argument, for the steps of the second or the paper's. */
  public static void main(String[] args) {
    TextPreset preset = TextPreset.TEXT8;
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : preset.trainer().steps();
    var likelihood = train(preset, Path.of(args[0]), steps, Path.of("text8.md4"));
    System.out.println(likelihood.bitsPerToken() + " bits a character");
  }

  static LikelihoodEstimate train(TextPreset preset, Path data, int steps, Path checkpoint) {
    TokenSplits text = TextFile.read(data).split();
    int length = preset.network().length();
    var training =
        Training.builder(preset.trainer().toBuilder().steps(steps).build())
            .checkpoint(checkpoint)
            .listener(new LoggingListener(100))
            .build();
    try (var model =
        Files.exists(checkpoint)
            ? resume(checkpoint, text, training)
            : MaskedDiffusion.train(text, preset.network(), training)) {
      return model.likelihood(text.test().chunks(length)).toStandardError(0.005);
    }
  }

  private static MaskedDiffusion resume(Path checkpoint, TokenSplits text, Training training) {
    try (var half = MaskedDiffusion.load(checkpoint)) {
      return half.continueTraining(text, training);
    }
  }
}
