package org.md4j.examples;

import java.nio.file.Path;
import java.util.List;
import org.md4j.diffusion.MaskedDiffusion;

/**
 * Fills in the blanks of a text with a trained model.
 *
 * <p>You learn that a checkpoint holds all that is needed, its tokenizer included, and that what is
 * given stays as it is.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Dexample=InfillText -Dexec.args="runs/mini
 * 'the ____ of the ________'"}
 */
public final class InfillText {
  private InfillText() {}

  /** Fills in the second argument with the model of the first, a checkpoint or a run's folder. */
  public static void main(String[] args) {
    infill(Path.of(args[0]), args[1], 5).forEach(System.out::println);
  }

  static List<String> infill(Path checkpoint, String template, int count) {
    try (var model = MaskedDiffusion.load(checkpoint)) {
      return model.infill(template, count).texts();
    }
  }
}
