package org.md4j.examples;

import java.nio.file.Path;
import org.md4j.data.text.TextFile;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Training;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.TrainerConfig;

/**
 * Trains on a text, measures the model and fills in blanks; README prints what stands between the
 * marks.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Dexample=Example}, in a folder that holds a
 * file novel.txt of a to z and spaces
 */
public final class Example {
  private Example() {}

  /** Runs the example. */
  public static void main(String[] args) {
    // README: begin
    var text = TextFile.read(Path.of("novel.txt")).split(); // a to z and space
    var network = TransformerConfig.builder(27, 64).layers(2).heads(2).headSize(32).build();
    var training = Training.of(TrainerConfig.builder(300, 32, 3e-3).build());
    try (var model = MaskedDiffusion.train(text, network, training)) {
      var likelihood = model.likelihood(text.test().chunks(64)).toStandardError(0.05);
      System.out.println(likelihood.bitsPerToken() + " bits a character");
      model.infill("the ____ of the ________", 3).texts().forEach(System.out::println);
    }
    // README: end
  }
}
