package org.md4j.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.bytedeco.javacpp.Pointer;
import org.md4j.cli.command.BenchmarkCommand;
import org.md4j.cli.command.DoctorCommand;
import org.md4j.cli.command.EvaluateCommand;
import org.md4j.cli.command.InfillCommand;
import org.md4j.cli.command.PrepareCommand;
import org.md4j.cli.command.QualityCommand;
import org.md4j.cli.command.SampleCommand;
import org.md4j.cli.command.StudyCommand;
import org.md4j.cli.command.StudyImagesCommand;
import org.md4j.cli.command.StudyInfillCommand;
import org.md4j.cli.command.StudyModelsCommand;
import org.md4j.cli.command.StudySamplingCommand;
import org.md4j.cli.command.StudySpeedCommand;
import org.md4j.cli.command.StudyWordsCommand;
import org.md4j.cli.command.TrainCommand;
import org.md4j.cli.command.TrainImageCommand;
import org.md4j.cli.command.TrainTextCommand;
import org.md4j.cli.command.ZeroShotCommand;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.StoppedException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;
import org.md4j.train.CheckpointException;
import org.md4j.train.TrainingDivergedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code md4} command: parses the command line, runs one command, and turns a mistake of the
 * user's into one line and exit code 2.
 */
@Command(
    name = "md4",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Masked diffusion models of discrete data: train one, draw from it, measure it.",
    footer = {"", "See 'md4 COMMAND --help' for a command's options."})
public final class Md4 {
  private static final int MISTAKE = 2;
  private static final int FAILURE = 1;
  private static final int STOPPED = 130;
  private static final int MEGABYTE_BITS = 20;

  /** What Java says where its own heap is full. */
  private static final List<String> OF_THE_HEAP =
      List.of("Java heap space", "GC overhead limit", "Requested array size");

  private Md4() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Terminal.system(), arguments));
  }

  /**
   * Runs a command; 0 is success, 1 a failure, 2 a mistake in what was asked for, 130 an end that
   * was asked for.
   */
  public static int run(Terminal terminal, String... arguments) {
    CommandLine md4 = commandLine(terminal);
    try {
      int exitCode = md4.execute(arguments);
      if (exitCode == 0) {
        terminal.requireOut();
      }
      return exitCode;
    } catch (CommandException e) {
      return report(md4, String.valueOf(e.getMessage()), MISTAKE);
    } catch (OutOfMemoryError e) {
      return report(md4, describe(e), FAILURE);
    }
  }

  /** All commands, with what becomes of mistakes. */
  static CommandLine commandLine(Terminal terminal) {
    CommandLine train =
        new CommandLine(new TrainCommand())
            .addSubcommand(new TrainTextCommand(terminal))
            .addSubcommand(new TrainImageCommand(terminal));
    CommandLine study =
        new CommandLine(new StudyCommand())
            .addSubcommand(new StudySamplingCommand(terminal))
            .addSubcommand(new StudySpeedCommand(terminal))
            .addSubcommand(new StudyInfillCommand(terminal))
            .addSubcommand(new StudyWordsCommand(terminal))
            .addSubcommand(new StudyModelsCommand(terminal))
            .addSubcommand(new StudyImagesCommand(terminal));
    return new CommandLine(new Md4())
        .addSubcommand(train)
        .addSubcommand(new PrepareCommand(terminal))
        .addSubcommand(new SampleCommand(terminal))
        .addSubcommand(new InfillCommand(terminal))
        .addSubcommand(new EvaluateCommand(terminal))
        .addSubcommand(new ZeroShotCommand(terminal))
        .addSubcommand(new QualityCommand(terminal))
        .addSubcommand(new DoctorCommand(terminal))
        .addSubcommand(new BenchmarkCommand(terminal))
        .addSubcommand(study)
        .setOut(writer(terminal.out()))
        .setErr(writer(terminal.err()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setExecutionStrategy(Md4::execute)
        .setParameterExceptionHandler((mistake, all) -> reject(mistake))
        .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
  }

  private static String describe(OutOfMemoryError failure) {
    String message = String.valueOf(failure.getMessage());
    if (OF_THE_HEAP.stream().anyMatch(message::startsWith)) {
      long heap = Runtime.getRuntime().maxMemory() >> MEGABYTE_BITS;
      return String.format(
          Locale.ROOT,
          "the Java heap (%,d MB) must be larger for this: set MD4_JAVA_OPTIONS=-Xmx%dm",
          heap,
          2 * heap);
    }
    return Pointer.maxPhysicalBytes() > 0
        ? "out of the memory that javacpp allows, "
            + message
            + ": start Java with -Dorg.bytedeco.javacpp.maxphysicalbytes=0"
            + " -Dorg.bytedeco.javacpp.maxbytes=0"
        : "out of memory beside the Java heap, " + message + ": use a smaller --batch or --length";
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, Charset.defaultCharset());
  }

  /** To picocli a list of nothing but commas is empty, not a mistake. */
  private static int execute(ParseResult parsed) {
    for (CommandLine command : parsed.asCommandLineList()) {
      for (OptionSpec option : command.getParseResult().matchedOptions()) {
        if (!option.splitRegex().isEmpty() && option.stringValues().isEmpty()) {
          throw new ParameterException(
              command, option.longestName() + " must have a value between its commas, got none");
        }
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static int reject(ParameterException mistake) {
    CommandLine command = mistake.getCommandLine();
    String name = command.getCommandSpec().qualifiedName(" ");
    // picocli puts words of its own before what a converter says, but not before a whole line.
    Throwable said = mistake.getCause() instanceof CommandException line ? line : mistake;
    String plain =
        String.valueOf(said.getMessage())
            .replace("is not an int", "must be a whole number of at most " + Integer.MAX_VALUE)
            .replace("is not a long", "must be a whole number")
            .replace("is not a double", "must be a number");
    return report(command, plain + suggestion(mistake) + " (see '" + name + " --help')", MISTAKE);
  }

  /** What may have been meant by a word that is no command or option. */
  private static String suggestion(ParameterException mistake) {
    List<String> meant =
        mistake instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    return meant.isEmpty() ? "" : ": did you mean " + String.join(" or ", meant) + "?";
  }

  private static int explain(Exception failure, CommandLine command) throws Exception {
    if (failure instanceof CommandException
        || failure instanceof DataException
        || failure instanceof CheckpointException) {
      return report(command, String.valueOf(failure.getMessage()), MISTAKE);
    }
    if (failure instanceof TrainingDivergedException) {
      return report(command, String.valueOf(failure.getMessage()), FAILURE);
    }
    if (failure instanceof StoppedException) {
      return report(command, String.valueOf(failure.getMessage()), STOPPED);
    }
    if (failure instanceof IOException io) {
      return report(command, describe(io), MISTAKE);
    }
    if (failure instanceof UncheckedIOException io) {
      return report(command, describe(io), MISTAKE);
    }
    throw failure;
  }

  private static String describe(IOException failure) {
    return failure instanceof FileSystemException
        ? FailureText.of(failure)
        : "cannot read or write: " + FailureText.of(failure);
  }

  /** What is said of a failure where it happened, or else its cause. */
  private static String describe(UncheckedIOException failure) {
    IOException cause = Objects.requireNonNull(failure.getCause());
    String said = String.valueOf(failure.getMessage());
    return cause.toString().equals(said) ? describe(cause) : said;
  }

  private static int report(CommandLine command, String message, int exitCode) {
    String oneLine = message.lines().findFirst().orElse("");
    command.getErr().println(command.getCommandSpec().qualifiedName(" ") + ": " + oneLine);
    return exitCode;
  }
}
