package org.md4j.cli.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.data.TokenShards;
import org.md4j.data.TokenShardsWriter;
import org.md4j.data.text.BytePairTraining;
import org.md4j.data.text.Corpus;
import org.md4j.data.text.CorpusPreparation;
import org.md4j.data.text.HuggingFaceTokenizer;
import org.md4j.data.text.Passage;
import org.md4j.data.text.PassageReader;
import org.md4j.file.FileReplacement;

/**
 * Makes shards of a corpus while the terminal says how far they are; beside them lies the
 * tokenizer, if it has a file, so that the folder is all that a training needs.
 *
 * @param corpus the documents
 * @param terminal where it is watched
 */
public record ShardPreparation(Corpus corpus, Terminal terminal) {
  private static final double PERCENT = 100;
  private static final long BETWEEN_LINES_NANOS = 2_000_000_000L;

  /**
   * Learns a tokenizer of byte pairs from all documents; one of this size that an earlier
   * preparation left in the folder is taken.
   *
   * @param size of its vocabulary
   * @param folder of the shards
   */
  public RunTokenizer learned(int size, Path folder) throws IOException {
    TokenShardsWriter.requireRoom(folder);
    Path file = folder.resolve(RunTokenizer.FILE);
    // Beside shards it is the one they were begun with; alone it may be of other documents.
    if (!Files.exists(file) || !TokenShards.isFolder(folder)) {
      Lines lines = new Lines("vocabulary of %,d".formatted(size));
      BytePairTraining training = new BytePairTraining();
      long documents = 0;
      try (PassageReader passages = corpus.open()) {
        for (@Nullable Passage next = passages.next(); next != null; next = passages.next()) {
          training.add(next.text());
          documents += next.endsDocument() ? 1 : 0;
          lines.show(documents, passages.position());
        }
      }
      Files.createDirectories(folder);
      training.learn(size).write(file);
    }
    RunTokenizer learned = new RunTokenizer(RunTokenizer.FILE, HuggingFaceTokenizer.read(file));
    int found = learned.tokenizer().vocabulary().size();
    if (found != size) {
      throw new CommandException(
          "--vocabulary (%d) must be that of %s, got one of %d there: choose another folder"
              .formatted(size, file, found));
    }
    return learned;
  }

  /**
   * Takes the tokenizer that a user names, and copies its file, if it has one, into the folder.
   *
   * @param name gpt2, or the path of a file
   * @param folder of the shards
   */
  public RunTokenizer named(String name, Path folder) throws IOException {
    TokenShardsWriter.requireRoom(folder);
    RunTokenizer tokenizer = RunTokenizer.named(name);
    Path kept = folder.resolve(RunTokenizer.FILE);
    if (tokenizer.isGpt2()) {
      return tokenizer;
    }
    if (!TokenShards.isFolder(folder)) {
      Files.createDirectories(folder);
      FileReplacement.write(kept, out -> Files.copy(Path.of(name), out));
    }
    return RunTokenizer.named(kept.toString());
  }

  /**
   * Encodes and writes.
   *
   * @param tokenizer of the text
   * @param validShare chance of a document to be validated on
   * @param seed decides which are
   * @param folder of the shards
   */
  public TokenShards write(RunTokenizer tokenizer, double validShare, long seed, Path folder) {
    Lines lines = new Lines("tokens");
    return CorpusPreparation.builder(corpus, tokenizer.tokenizer())
        .validShare(validShare)
        .seed(seed)
        .listener(lines::show)
        .build()
        .write(folder);
  }

  /** Says how far a pass over the documents is, every few seconds. */
  private final class Lines {
    private final String what;
    private long last = System.nanoTime();

    Lines(String what) {
      this.what = what;
    }

    void show(long documents, long position) {
      if (System.nanoTime() - last < BETWEEN_LINES_NANOS) {
        return;
      }
      last = System.nanoTime();
      terminal
          .err()
          .printf(
              Locale.ROOT,
              "%s: %,d documents, %.1f %% of %s read%n",
              what,
              documents,
              PERCENT * position / Math.max(1, corpus.size()),
              corpus.name());
    }
  }
}
