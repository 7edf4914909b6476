package org.md4j.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.md4j.core.Vocabulary;
import org.md4j.data.TokenSequence;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Training;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.TrainerConfig;

/**
 * Trains on tokens of your own, here the four letters of DNA, and draws new rows.
 *
 * <p>You learn that tokens are numbers below the size of a vocabulary, that one sequence of them is
 * all that training asks for, and that the rows drawn are such numbers again.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Dexample=OwnTokens}, with the file of a
 * sequence as an argument if you have one
 */
public final class OwnTokens {
  private static final String LETTERS = "ACGT";

  private OwnTokens() {}

  /** Trains for half a minute and prints three sequences. */
  public static void main(String[] args) throws IOException {
    String dna =
        args.length > 0 ? Files.readString(Path.of(args[0])).strip() : "GATTACA".repeat(2_000);
    learnAndDraw(dna, 64, 300, 3).forEach(System.out::println);
  }

  static List<String> learnAndDraw(String dna, int length, int steps, int count) {
    byte[] tokens = new byte[dna.length()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (byte) LETTERS.indexOf(dna.charAt(i)); // any other letter is refused below
    }
    var sequence = TokenSequence.of(new Vocabulary(LETTERS.length()), "dna", tokens);
    var network =
        TransformerConfig.builder(LETTERS.length(), length).layers(2).heads(2).headSize(16).build();
    var training = Training.of(TrainerConfig.builder(steps, 16, 3e-3).build());
    try (var model = MaskedDiffusion.train(sequence.split(), network, training)) {
      return model.sample(count).rows().stream().map(OwnTokens::spelled).toList();
    }
  }

  private static String spelled(int[] row) {
    StringBuilder letters = new StringBuilder();
    for (int token : row) {
      letters.append(LETTERS.charAt(token));
    }
    return letters.toString();
  }
}
