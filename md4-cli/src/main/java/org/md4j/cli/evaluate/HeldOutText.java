package org.md4j.cli.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.TextData;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.NameConverter;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunShards;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.core.RowSource;
import org.md4j.core.TokenizerIdentity;
import org.md4j.data.TokenSequence;
import org.md4j.data.TokenShards;
import org.md4j.data.TokenSplits;
import org.md4j.data.text.Corpus;
import org.md4j.train.Checkpoint;
import picocli.CommandLine.Option;

/** The options that say which text, or which pictures, a run is measured on. */
public final class HeldOutText {
  /** Which part of a text. */
  private enum Split {
    VALIDATION,
    TEST;

    @Override
    public String toString() {
      return FlagNames.spelled(this);
    }

    static final class Converter extends NameConverter<Split> {
      Converter() {
        super(Split.class);
      }
    }
  }

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Another text than the run's own, plain, .gz, or .zip; for a run of words the documents in"
              + " text, lines of JSON or a dump, or the validation part of another folder of shards; for"
              + " image runs other pictures, all of them. Default: what it was trained on.")
  private @Nullable Path data;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "validation",
      converter = Split.Converter.class,
      description =
          "Which part of it: validation (of a text from 90 %% to 95 %%, of pictures the run's own),"
              + " or test (of a text the last 5 %%). Default: ${DEFAULT-VALUE}.")
  private Split split = Split.VALIDATION;

  /** The run's own text, read once. */
  private @Nullable TokenSequence own;

  /** The name of the part. */
  public String split() {
    return split.toString();
  }

  /**
   * The rows: consecutive pieces of the network's length.
   *
   * @param tokenizer of the run
   * @throws CommandException if the run's own text is no longer the one it was trained on
   */
  public RowSource rows(RunFolder folder, RunTokenizer tokenizer, Checkpoint checkpoint)
      throws IOException {
    if (folder.kind() == RunKind.WORDS) {
      return words(folder, tokenizer, checkpoint);
    }
    TokenSequence text =
        data == null
            ? ownText(folder, checkpoint, "to measure on another text name it with --data")
            : TextData.text(data);
    TokenSplits splits = text.split();
    TokenSequence part = split == Split.TEST ? splits.test() : splits.valid();
    return part.chunks(checkpoint.network().length());
  }

  /**
   * The text that the run learned from.
   *
   * @throws CommandException if it is no longer the one it was
   */
  public TokenSequence training(RunFolder folder, Checkpoint checkpoint) throws IOException {
    String otherwise = "to measure without n-grams leave out --baselines";
    return folder.kind() == RunKind.WORDS
        ? RunShards.open(folder, checkpoint, otherwise).train()
        : ownText(folder, checkpoint, otherwise).split().train();
  }

  /** Words: documents of the run's own that it was not trained on, or all of another text. */
  private RowSource words(RunFolder folder, RunTokenizer tokenizer, Checkpoint checkpoint)
      throws IOException {
    if (split == Split.TEST) {
      throw new CommandException(
          "--split test is of no use to this run, whose documents have a validation part only: name"
              + " others with --data");
    }
    int length = checkpoint.network().length();
    if (data != null && !TokenShards.isFolder(data)) {
      return Corpus.of(List.of(data)).tokens(tokenizer.tokenizer()).chunks(length);
    }
    TokenShards shards =
        data == null
            ? RunShards.open(
                folder, checkpoint, "to measure on other documents name them with --data")
            : TokenShards.open(data);
    TokenSequence valid = shards.valid();
    if (!valid.tokenizer().equals(Optional.of(tokenizer.tokenizer().identity()))) {
      throw new CommandException(
          "shards (%s) must be by the tokenizer of the run, %s, got some by %s"
              .formatted(
                  data == null ? folder.readConfig(TextRunConfig.class).data() : data,
                  tokenizer.tokenizer().identity().name(),
                  valid.tokenizer().map(TokenizerIdentity::name).orElse("none")));
    }
    return valid.chunks(length);
  }

  /**
   * The pictures: the run's own validation part, or all of another set.
   *
   * @param withTraining whether those it learned from are needed too
   */
  public HeldOutPictures pictures(
      ImageRunConfig config, Checkpoint checkpoint, boolean withTraining) {
    if (split == Split.TEST) {
      throw new CommandException(
          "--split test is of no use to this run, whose pictures have a validation part only: name"
              + " others with --data");
    }
    return HeldOutPictures.of(config, checkpoint, data, withTraining);
  }

  private TokenSequence ownText(RunFolder folder, Checkpoint checkpoint, String otherwise)
      throws IOException {
    String file = folder.readConfig(TextRunConfig.class).data();
    TokenSequence text = own == null ? TextData.text(file == null ? null : Path.of(file)) : own;
    own = text;
    if (!text.sha256().equals(checkpoint.data().sha256())) {
      throw new CommandException(
          "%s (sha256 %s) must be the text this run was trained on (sha256 %s): %s"
              .formatted(text.name(), text.sha256(), checkpoint.data().sha256(), otherwise));
    }
    return text;
  }
}
