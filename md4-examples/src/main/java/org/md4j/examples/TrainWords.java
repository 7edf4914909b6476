package org.md4j.examples;

import java.nio.file.Path;
import java.util.List;
import org.md4j.data.text.Corpus;
import org.md4j.data.text.CorpusPreparation;
import org.md4j.data.text.Gpt2Tokenizer;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Training;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.RowChoice;
import org.md4j.train.TrainerConfig;

/**
 * Trains on documents in words, those of GPT-2, and fills in blanks that are words.
 *
 * <p>You learn that documents are turned into tokens once, on all cores and in little memory, that
 * a training maps the files that come of it, and that a blank takes the space before it.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Dexample=TrainWords}, with a file, folder or
 * pattern of documents as an argument if you have some
 */
public final class TrainWords {
  private TrainWords() {}

  /** Trains for two minutes, on the pages of this library's documentation, and fills in a text. */
  public static void main(String[] args) {
    Path documents = Path.of(args.length > 0 ? args[0] : "docs/*.md");
    learnAndFill(documents, Path.of("shards"), 64, 300).forEach(System.out::println);
  }

  static List<String> learnAndFill(Path documents, Path folder, int length, int steps) {
    var tokenizer = new Gpt2Tokenizer();
    var shards =
        CorpusPreparation.builder(Corpus.of(List.of(documents)), tokenizer)
            .validShare(0.3) // of the documents; a usual share is 0.02
            .build()
            .write(folder);
    var network =
        TransformerConfig.builder(shards.vocabulary().size(), length)
            .layers(2)
            .heads(2)
            .headSize(32)
            .build();
    var settings = TrainerConfig.builder(steps, 8, 3e-3).rowChoice(RowChoice.EPOCHS).build();
    try (var model =
        MaskedDiffusion.train(
            shards.train().chunks(length),
            shards.valid().chunks(length),
            network,
            Training.of(settings))) {
      return model.infill("the _ of a _ is", 3).texts();
    }
  }
}
