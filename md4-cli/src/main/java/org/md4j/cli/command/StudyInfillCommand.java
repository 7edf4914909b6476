package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.md4j.cli.evaluate.HeldOutText;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunSchedule;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.study.BlankPattern;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.CounterRandom;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.likelihood.InfillComparison;
import org.md4j.likelihood.InfillLikelihood;
import org.md4j.likelihood.SampleMean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures which time is better told to a network that fills blanks in: by the likelihood of
 * held-out tokens at the blanks.
 */
@Command(
    name = "infill",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description =
        "Compare the times a network can be told while it fills blanks in, by the likelihood of"
            + " held-out characters. Prints a Markdown table of bits a blank, and the precision.")
public final class StudyInfillCommand implements Callable<Integer> {
  /** Shares of a row that are known. */
  private static final double[] KNOWN = {0.1, 0.25, 0.5, 0.75, 0.9};

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run, or a checkpoint in it.")
  private Path run = Path.of("");

  @Mixin private HeldOutText text = new HeldOutText();

  @Option(
      names = "--rows",
      paramLabel = "TEXTS",
      defaultValue = "256",
      description = "Held-out texts, the first of the part. Default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--draws",
      paramLabel = "COUNT",
      defaultValue = "2",
      description = "Numbers of masks drawn for each. Default: ${DEFAULT-VALUE}.")
  private int draws;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Decides every draw. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private PrecisionFlag precision = PrecisionFlag.forLikelihoods();

  /** Creates the command, to print to a terminal. */
  public StudyInfillCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (draws < 1) {
      throw new CommandException("--draws (" + draws + ") must be at least 1");
    }
    RunFolder folder = RunFolder.of(run).requireRun();
    NativeBackend.requireUsable();
    Precision computed = precision.chosen(terminal);
    RunTokenizer tokenizer = RunTokenizer.of(folder);
    try (MaskedDiffusion model =
        MaskedDiffusion.load(
            folder.checkpoint(), tokenizer.types(), ComputeBackend.preferred(computed))) {
      study(model, text.rows(folder, tokenizer, model.checkpoint()));
    }
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%nBits a blank, mean ± standard error over %d texts, the network computing in %s.%n",
            rows,
            FlagNames.spelled(computed));
    return 0;
  }

  private void study(MaskedDiffusion model, RowSource heldOut) {
    if (rows < 2 || rows > heldOut.size()) {
      throw new CommandException(
          "--rows ("
              + rows
              + ") must be at least 2 and at most those of the text, got "
              + heldOut.size());
    }
    Rows clean = heldOut.rows(LongStream.range(0, rows).toArray());
    compare(new InfillLikelihood(model.denoiser(), RunSchedule.common(model.fit()), draws), clean);
  }

  private void compare(InfillLikelihood likelihood, Rows clean) {
    terminal
        .out()
        .println("| blanks | known | time of the step | time of visible tokens | difference |");
    terminal.out().println("|---|---|---|---|---|");
    CounterRandom random = new CounterRandom(seed);
    for (BlankPattern pattern : BlankPattern.values()) {
      for (double known : KNOWN) {
        int blanks = (int) Math.max(1, Math.round((1 - known) * clean.length()));
        InfillComparison measured =
            likelihood.compare(clean, pattern.in(clean.tokens(), blanks, random), random);
        terminal
            .out()
            .printf(
                Locale.ROOT,
                "| %s | %.0f %% | %s | %s | %s |%n",
                pattern,
                100 * known,
                text(measured.ofStep()),
                text(measured.ofVisibleTokens()),
                text(measured.difference()));
        terminal.out().flush();
      }
    }
  }

  private static String text(SampleMean bits) {
    return String.format(Locale.ROOT, "%.4f ± %.4f", bits.mean(), bits.standardError());
  }
}
