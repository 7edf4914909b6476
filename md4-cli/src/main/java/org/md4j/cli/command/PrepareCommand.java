package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.ShardPreparation;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.data.TokenShards;
import org.md4j.data.text.Corpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes shards of words from documents, for trainings. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description = {
      "Turn documents into tokens once, for 'train text --data FOLDER': encoded on all cores, joined"
          + " by ends of text, and kept in files that are mapped into memory.",
      "Files are lines of JSON (.jsonl, .ndjson, .json), a dump of MediaWiki (.xml) or plain text (all"
          + " others, a document each), plain or packed (.gz, .bz2, .zst); folders and patterns such"
          + " as 'data/*.jsonl' stand for the files in them.",
      "A command that was stopped can be given again: it goes on behind the last file that is whole,"
          + " and comes to the same bytes."
    })
public final class PrepareCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files, folders or patterns.")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "Gets the shards; new, empty, or of the same command.")
  private Path out = Path.of("");

  @Option(
      names = "--tokenizer",
      paramLabel = "NAME",
      description =
          "gpt2, or a tokenizer.json as Hugging Face's libraries write it. Default: gpt2, or what"
              + " --vocabulary learns.")
  private @Nullable String tokenizer;

  @Option(
      names = "--vocabulary",
      paramLabel = "TOKENS",
      description =
          "Learn a byte-pair encoding of so many tokens from the documents first, and keep it as"
              + " tokenizer.json in the folder. Default: none.")
  private @Nullable Integer vocabulary;

  @Option(
      names = "--field",
      paramLabel = "NAME",
      defaultValue = Corpus.USUAL_FIELD,
      description = "The field of a line of JSON that holds the text. Default: ${DEFAULT-VALUE}.")
  private String field = Corpus.USUAL_FIELD;

  @Option(
      names = "--valid",
      paramLabel = "SHARE",
      defaultValue = "0.02",
      description = "Share of the documents to validate on. Default: ${DEFAULT-VALUE}.")
  private double valid;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Decides which documents these are. Default: ${DEFAULT-VALUE}.")
  private long seed;

  /** Creates the command, to print to a terminal. */
  public PrepareCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    check();
    ShardPreparation preparation = new ShardPreparation(Corpus.of(paths, field), terminal);
    RunTokenizer chosen =
        vocabulary == null
            ? preparation.named(tokenizer == null ? RunTokenizer.GPT2 : tokenizer, out)
            : preparation.learned(vocabulary, out);
    TokenShards shards = preparation.write(chosen, valid, seed, out);
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%,d documents: %,d tokens to train on, %,d to validate on; vocabulary of %,d (%s)%n",
            shards.documents(),
            shards.trainTokens(),
            shards.validTokens(),
            shards.vocabulary().size(),
            shards.tokenizer().name());
    requireBothParts(shards);
    terminal.err().println("to train: ./md4 train text --data " + out);
    return 0;
  }

  private void requireBothParts(TokenShards shards) {
    if (shards.trainTokens() == 0 || shards.validTokens() == 0) {
      throw new CommandException(
          "documents (%d) must be enough for both parts, got none to %s on: give more, or another --valid or --seed and another --out; a plain text file is one document"
              .formatted(shards.documents(), shards.trainTokens() == 0 ? "train" : "validate"));
    }
  }

  private void check() {
    if (tokenizer != null && vocabulary != null) {
      throw new CommandException(
          "--tokenizer and --vocabulary cannot both be given: one is there, the other is learned");
    }
    if (vocabulary != null && vocabulary < 257) {
      throw new CommandException(
          "--vocabulary (%d) must be at least 257: the bytes and the end of text"
              .formatted(vocabulary));
    }
    if (!(valid >= 0 && valid <= 1)) {
      throw new CommandException("--valid (" + valid + ") must be in [0, 1]");
    }
    if (field.isEmpty()) {
      throw new CommandException("--field must name a field, got nothing");
    }
  }
}
