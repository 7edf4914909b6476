package org.md4j.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.md4j.cli.terminal.CommandException;
import org.md4j.data.TokenShards;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Model;
import org.md4j.file.FailureText;
import org.md4j.file.FileReplacement;
import org.md4j.file.JsonFailureText;
import org.md4j.train.Checkpoint;
import org.md4j.train.CheckpointTypes;
import org.md4j.train.EarlierSettings;
import org.md4j.train.KeptCheckpoints;

/**
 * The folder of one run and the names of the files in it.
 *
 * @param path the folder
 * @param checkpoint everything needed to continue or to draw samples
 */
public record RunFolder(Path path, Path checkpoint) {
  private static final ObjectMapper JSON =
      CheckpointTypes.standard()
          .nameTypesOfTrainers(new ObjectMapper())
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .addMixIn(Model.class, ModelSpelling.class);
  private static final String KIND = "kind";
  private static final String TOKENIZER = "tokenizer";
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  /** Names the folder of a run and its latest checkpoint. */
  public RunFolder(Path path) {
    this(path, path.resolve(MaskedDiffusion.CHECKPOINT));
  }

  /**
   * Names what a user calls a run.
   *
   * @param run its folder, or one of the checkpoints in it
   */
  public static RunFolder of(Path run) {
    return Files.isRegularFile(run)
        ? new RunFolder(run.resolveSibling("").normalize(), run)
        : new RunFolder(run);
  }

  /** The folder of a run that starts now and was not given one. */
  public static RunFolder named(LocalDateTime now, RunKind kind, String preset) {
    return new RunFolder(Path.of("runs", TIMESTAMP.format(now) + "-" + kind + "-" + preset));
  }

  /** The settings. */
  public Path config() {
    return path.resolve("config.json");
  }

  /** One line a step and one an evaluation. */
  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /** The tokenizer's file; of runs of words that have one of their own. */
  public Path tokenizer() {
    return path.resolve(TokenShards.TOKENIZER);
  }

  /** The plot. */
  public Path curve() {
    return path.resolve("curve.png");
  }

  /** The powers of a learned schedule and what they make of it; of runs that learn one. */
  public Path schedule() {
    return path.resolve("schedule.png");
  }

  /** One sample a line; of text runs. */
  public Path samples() {
    return path.resolve("samples.txt");
  }

  /** A grid of samples; of image runs. */
  public Path pictures() {
    return path.resolve("samples.png");
  }

  /** A new file for a grid of pictures drawn later. */
  public Path newPictures(String name, LocalDateTime now) {
    return path.resolve(name + "-" + TIMESTAMP.format(now) + ".png");
  }

  /** A row a sample, from all masks to the picture; of image runs. */
  public Path denoising() {
    return path.resolve("denoising.png");
  }

  /** The command that made it all, and with what. */
  public Path command() {
    return path.resolve("command.txt");
  }

  /**
   * Checks that a new run may go here; writes nothing.
   *
   * @throws CommandException if the path is a file or a folder with something in it, or if the
   *     folder cannot be made
   */
  public void requireFree() throws IOException {
    requireWritable();
    if (!isFree()) {
      throw new CommandException(
          "--out ("
              + path
              + ") must be a new or empty folder; to continue it use --resume "
              + path);
    }
  }

  /**
   * Checks that files may be written here, in a folder that is there or that can be made; writes
   * nothing.
   *
   * @throws CommandException if a file is in the way or permission is missing
   */
  public void requireWritable() {
    Path there = path.toAbsolutePath().normalize();
    while (there.getParent() != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      throw new CommandException(
          there.equals(path.toAbsolutePath().normalize())
              ? "--out (" + path + ") must be a folder, got a file"
              : "--out (%s) must be in a folder, got the file %s".formatted(path, there));
    }
    if (!Files.isWritable(there)) {
      throw new CommandException(
          "--out (%s) must be where files may be written, got no permission for %s"
              .formatted(path, there));
    }
  }

  /** Whether nothing is here, or an empty folder, but for what a start that failed leaves. */
  public boolean isFree() throws IOException {
    if (!Files.isDirectory(path)) {
      return !Files.exists(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .allMatch(name -> name.equals(RunLock.FILE) || name.endsWith(FileReplacement.PARTIAL));
    }
  }

  /**
   * Checks that a run went here.
   *
   * @throws CommandException if there is no checkpoint of it
   */
  public RunFolder requireRun() {
    requireStarted();
    if (!Files.isRegularFile(checkpoint())) {
      throw new CommandException(
          "run folder (%s) must hold a checkpoint, %s, and it has none yet: train it with --resume %s"
              .formatted(path, checkpoint().getFileName(), path));
    }
    return this;
  }

  /**
   * Checks that a run began here, whether or not it came to a checkpoint.
   *
   * @throws CommandException if there are no settings of one
   */
  public RunFolder requireStarted() {
    if (!Files.isDirectory(path)) {
      throw new CommandException("run folder (" + path + ") must be an existing folder");
    }
    if (!Files.isRegularFile(config())) {
      throw new CommandException(
          "run folder (%s) must be that of a run, with its settings in %s, got another folder"
              .formatted(path, config().getFileName()));
    }
    return this;
  }

  /**
   * Reads what to go on from: the latest checkpoint that is whole.
   *
   * @param types names by which checkpoints are read
   * @param warnings told in one line of a damaged file that was passed over
   * @return empty if none was written yet
   * @throws org.md4j.train.CheckpointException if there are checkpoints, and none is whole
   */
  public Optional<Checkpoint> latestCheckpoint(CheckpointTypes types, Consumer<String> warnings) {
    KeptCheckpoints kept = new KeptCheckpoints(checkpoint());
    if (!Files.exists(checkpoint()) && !Files.exists(kept.best()) && kept.byStep().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        kept.read(types, e -> warnings.accept(e.getMessage() + "; the one before it is used")));
  }

  /**
   * Writes the settings, and the tokenizer's file if there is one, in place of those from before.
   */
  public void write(RunConfig config) throws IOException {
    if (config instanceof TextRunConfig text
        && text.data() != null
        && TokenShards.TOKENIZER.equals(text.tokenizer())
        && !Files.exists(tokenizer())) {
      Path file = Path.of(text.data()).resolve(TokenShards.TOKENIZER);
      FileReplacement.write(tokenizer(), out -> Files.copy(file, out));
    }
    FileReplacement.write(config(), JSON.writeValueAsString(config) + "\n");
  }

  /** The kind of data of the run that went here; text where nothing says. */
  public RunKind kind() throws IOException {
    if (!Files.isRegularFile(config())) {
      return RunKind.TEXT;
    }
    JsonNode settings = read(JsonNode.class);
    if (settings.path(KIND).asText().equals(RunKind.IMAGE.toString())) {
      return RunKind.IMAGE;
    }
    return settings.hasNonNull(TOKENIZER) ? RunKind.WORDS : RunKind.TEXT;
  }

  /**
   * Checks that the run that went here is of a kind.
   *
   * @throws CommandException if it is of another one
   */
  public RunFolder requireKind(RunKind wanted) throws IOException {
    RunKind found = kind();
    if (found != wanted) {
      throw new CommandException(
          "run folder (%s) must hold a run of kind %s, got one of kind %s"
              .formatted(path, wanted, found));
    }
    return this;
  }

  /**
   * Reads the settings back.
   *
   * @param type of the settings of the run's kind
   * @throws CommandException if they cannot be understood
   */
  public <T extends RunConfig> T readConfig(Class<T> type) throws IOException {
    if (type != TextRunConfig.class) {
      requireKind(RunKind.IMAGE);
    } else if (!kind().isText()) {
      requireKind(RunKind.TEXT);
    }
    return read(type);
  }

  private <T> T read(Class<T> type) throws IOException {
    try {
      JsonNode settings = JSON.readTree(Files.readString(config()));
      if (!settings.isObject()) {
        throw new CommandException(config() + " must be a JSON object, got something else");
      }
      EarlierSettings.upgradeInPlace(settings);
      return JSON.treeToValue(settings, type);
    } catch (JsonProcessingException e) {
      throw new CommandException(config() + " cannot be understood: " + JsonFailureText.of(e), e);
    } catch (CharacterCodingException e) {
      throw new CommandException(config() + " cannot be understood: " + FailureText.reason(e), e);
    }
  }
}
