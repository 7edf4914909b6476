package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.commons.math3.stat.StatUtils;
import org.md4j.cli.draw.RowDrawer;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.GridConverter;
import org.md4j.cli.option.NamedGrid;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunSchedule;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.EventDrivenSampler;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.StepwiseSampler;
import org.md4j.sampling.UnmaskingRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Times event-driven sampling against the plain loop over the same network: each round draws the
 * same number of texts either way, one after the other, so that a busy machine slows both.
 */
@Command(
    name = "speed",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description = {
      "Time event-driven sampling against evaluating the network in every step, in turn.",
      "Prints a line for each measurement and one for the medians of each number of steps."
    })
public final class StudySpeedCommand implements Callable<Integer> {
  private static final int WARM_UP_STEPS = 8;
  private static final double MEDIAN = 50;

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run, or a checkpoint in it.")
  private Path run = Path.of("");

  @Option(
      names = "--steps",
      paramLabel = "COUNT",
      split = ",",
      defaultValue = "1000,64,256",
      description = "Numbers of steps. Default: ${DEFAULT-VALUE}.")
  private int[] steps = {};

  @Option(
      names = "--grid",
      paramLabel = "NAME",
      defaultValue = "uniform",
      converter = GridConverter.class,
      description = "Times of the steps: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private NamedGrid grid = NamedGrid.UNIFORM;

  @Option(
      names = "--rows",
      paramLabel = "TEXTS",
      defaultValue = "16",
      description = "Texts drawn together. Default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--rounds",
      paramLabel = "COUNT",
      defaultValue = "3",
      description = "Measurements of each. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Mixin private PrecisionFlag precision = PrecisionFlag.fastest();

  /** Creates the command, to print to a terminal. */
  public StudySpeedCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    requirePositive("--rows", rows);
    requirePositive("--rounds", rounds);
    for (int count : steps) {
      requirePositive("--steps", count);
    }
    RunFolder folder = RunFolder.of(run).requireRun();
    NativeBackend.requireUsable();
    Precision computed = precision.chosen(terminal);
    try (MaskedDiffusion model =
        MaskedDiffusion.load(
            folder.checkpoint(),
            RunTokenizer.of(folder).types(),
            ComputeBackend.preferred(computed))) {
      compare(
          new RowDrawer(
              model.denoiser(),
              model.network().vocabulary(),
              model.network().length(),
              model.network().classes(),
              rows),
          Decoding.of(RunSchedule.common(model.fit())),
          FlagNames.spelled(computed));
    }
    return 0;
  }

  private void compare(RowDrawer drawer, Decoding decoding, String computed) {
    drawer.draw(eventDriven(decoding, WARM_UP_STEPS), rows, 0);
    drawer.draw(stepwise(decoding, WARM_UP_STEPS), rows, 0);
    for (int count : steps) {
      double[] eventDriven = new double[rounds];
      double[] stepwise = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        eventDriven[round] =
            time(drawer, "event-driven", eventDriven(decoding, count), count, round, computed);
        stepwise[round] =
            time(drawer, "stepwise", stepwise(decoding, count), count, round, computed);
      }
      double fast = StatUtils.percentile(eventDriven, MEDIAN);
      double plain = StatUtils.percentile(stepwise, MEDIAN);
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "median\tsteps\t%d\tevent_driven_characters_per_s\t%.1f\tstepwise_characters_per_s"
                  + "\t%.1f\tratio\t%.2f\tprecision\t%s%n",
              count,
              fast,
              plain,
              fast / plain,
              computed);
    }
  }

  private ReverseSampler eventDriven(Decoding decoding, int count) {
    return EventDrivenSampler.ancestral(decoding, grid.of(count));
  }

  private ReverseSampler stepwise(Decoding decoding, int count) {
    return new StepwiseSampler(decoding, UnmaskingRule.ANCESTRAL, grid.of(count));
  }

  /** Characters a second. The round is the seed: each draws other texts. */
  private double time(
      RowDrawer drawer,
      String name,
      ReverseSampler sampler,
      int count,
      int round,
      String computed) {
    RowDrawer.Drawn drawn = drawer.draw(sampler, rows, round);
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "round\t%d\tsteps\t%d\tsampler\t%s\tseconds\t%.3f\tcharacters_per_s\t%.1f\tcalls\t%d"
                + "\tevaluations_per_text\t%.1f\tprecision\t%s%n",
            round + 1,
            count,
            name,
            drawn.cost().seconds(),
            drawn.tokensPerSecond(),
            drawn.cost().evaluations(),
            drawn.evaluationsPerRow(),
            computed);
    return drawn.tokensPerSecond();
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new CommandException(option + " (" + value + ") must be at least 1");
    }
  }
}
