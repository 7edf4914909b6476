package org.md4j.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.terminal.CommandException;
import org.md4j.data.DataException;
import org.md4j.data.TokenShards;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.Gpt2Tokenizer;
import org.md4j.data.text.HuggingFaceTokenizer;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.train.CheckpointTypes;

/**
 * The tokenizer of a text run.
 *
 * @param name as run settings have it: {@value #GPT2}, or {@value #FILE} for the file of this name
 *     in the run folder; null for 27 symbols
 * @param tokenizer itself
 */
public record RunTokenizer(@Nullable String name, Tokenizer tokenizer) {
  /** The byte pairs of GPT-2. */
  public static final String GPT2 = "gpt2";

  /** A tokenizer in a file. */
  public static final String FILE = TokenShards.TOKENIZER;

  /** That of 27 symbols. */
  public static final RunTokenizer OF_SYMBOLS = new RunTokenizer(null, new Text27Tokenizer());

  /**
   * The tokenizer that a user names.
   *
   * @param wanted {@value #GPT2} or the path of a file
   */
  public static RunTokenizer named(String wanted) {
    return wanted.equals(GPT2)
        ? new RunTokenizer(GPT2, new Gpt2Tokenizer())
        : new RunTokenizer(FILE, HuggingFaceTokenizer.read(Path.of(wanted)));
  }

  /**
   * The tokenizer that made shards, which lies beside them if it has a file.
   *
   * @throws DataException if the file is of another one
   */
  public static RunTokenizer of(TokenShards shards, Path folder) {
    Tokenizer gpt2 = new Gpt2Tokenizer();
    if (shards.tokenizer().equals(gpt2.identity())) {
      return new RunTokenizer(GPT2, gpt2);
    }
    Path file = folder.resolve(FILE);
    RunTokenizer kept = new RunTokenizer(FILE, HuggingFaceTokenizer.read(file));
    if (!kept.tokenizer().identity().equals(shards.tokenizer())) {
      throw new DataException(
          "tokenizer file (%s) must be the one that made the shards beside it, %s with SHA-256 %s, got %s with SHA-256 %s"
              .formatted(
                  file,
                  shards.tokenizer().name(),
                  shards.tokenizer().sha256(),
                  kept.tokenizer().identity().name(),
                  kept.tokenizer().identity().sha256()));
    }
    return kept;
  }

  /** The tokenizer of a run that is there. */
  public static RunTokenizer of(RunFolder run) throws IOException {
    if (run.kind() != RunKind.WORDS) {
      return OF_SYMBOLS;
    }
    String name = run.readConfig(TextRunConfig.class).tokenizer();
    if (GPT2.equals(name)) {
      return new RunTokenizer(GPT2, new Gpt2Tokenizer());
    }
    if (!FILE.equals(name)) {
      throw new CommandException(
          "tokenizer (%s) in %s must be %s or %s".formatted(name, run.config(), GPT2, FILE));
    }
    return new RunTokenizer(FILE, HuggingFaceTokenizer.read(run.tokenizer()));
  }

  /** Whether it is GPT-2's, which needs no file. */
  public boolean isGpt2() {
    return GPT2.equals(name);
  }

  /** The names of parts of a checkpoint, with this tokenizer. */
  public CheckpointTypes types() {
    CheckpointTypes standard = CheckpointTypes.standard();
    return FILE.equals(name) ? standard.withTokenizer(tokenizer) : standard;
  }
}
