package org.md4j.cli.option;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunReport;
import org.md4j.cli.terminal.Terminal;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The options that say where a run goes, or which one is to go on. */
public final class RunFlags {
  /** Options that a run that goes on may be given, whatever its kind. */
  private static final Set<String> OPEN =
      Set.of(
          "--resume",
          "--json",
          TrainingFlags.STEPS,
          CheckpointFlags.EVERY,
          CheckpointFlags.KEEP,
          PrecisionFlag.NAME);

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "A new or empty run folder. Default: runs/<time>-<kind>-<preset>.")
  private @Nullable Path out;

  @Option(
      names = "--resume",
      paramLabel = "FOLDER",
      description =
          "Go on with a run that was stopped, from its last checkpoint and with its settings, as if"
              + " it had not been; given more steps, beyond its end. Default: none, start a new"
              + " run.")
  private @Nullable Path resume;

  @Option(
      names = "--json",
      description = "End the output with one line of JSON that sums the run up. Default: off.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** The command line, for the record. */
  public List<String> arguments() {
    return parsed().originalArgs();
  }

  /**
   * The folder of a new run.
   *
   * @throws org.md4j.cli.terminal.CommandException if it is in use
   */
  public RunFolder newFolder(RunKind kind, String preset) throws IOException {
    RunFolder folder =
        out == null
            ? RunFolder.named(LocalDateTime.now(ZoneId.systemDefault()), kind, preset)
            : new RunFolder(out);
    folder.requireFree();
    return folder;
  }

  /**
   * The folder of a run to go on with, if that was asked for.
   *
   * @param open names of the options that may be given all the same, besides those of this class
   * @throws ParameterException if another option is given
   */
  public Optional<RunFolder> resumed(Set<String> open) {
    if (resume == null) {
      return Optional.empty();
    }
    for (OptionSpec option : parsed().matchedOptions()) {
      String name = option.longestName();
      if (!OPEN.contains(name) && !open.contains(name)) {
        throw new ParameterException(
            Objects.requireNonNull(command).commandLine(),
            name + " cannot be changed by --resume: a run goes on with its own settings");
      }
    }
    return Optional.of(new RunFolder(resume).requireStarted());
  }

  private ParseResult parsed() {
    return Objects.requireNonNull(command).commandLine().getParseResult();
  }

  /** Prints the summary if it was asked for. */
  public void show(RunReport report, Terminal terminal) {
    if (json) {
      terminal.out().println(report.toJson());
    }
  }
}
