package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.evaluate.ZeroShotFlags;
import org.md4j.cli.evaluate.ZeroShotMeasurement;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunShards;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.CountedDenoiser;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.data.TokenSequence;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.train.Checkpoint;
import org.md4j.zeroshot.EvaluationSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a run of words on the sets that language models are compared on. */
@Command(
    name = "zero-shot",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description = {
      "Measure the EMA weights of a run of words on sets it was not trained on: perplexities of a"
          + " token and of a word and bits a byte, beside a unigram and a trigram model of the run's own"
          + " text and the paper's numbers; LAMBADA's last words; questions with endings to choose from.",
      "Prints a Markdown table and every choice that was made."
    })
public final class ZeroShotCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run, or a checkpoint in it.")
  private Path run = Path.of("");

  @Mixin private ZeroShotFlags flags = new ZeroShotFlags();

  @Mixin private PrecisionFlag precision = PrecisionFlag.forLikelihoods();

  @Option(names = "--json", description = "One line of JSON instead. Default: off.")
  private boolean json;

  /** Creates the command, to print to a terminal. */
  public ZeroShotCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    flags.check();
    RunFolder folder = RunFolder.of(run).requireRun();
    if (folder.kind() != RunKind.WORDS) {
      throw new CommandException(
          "run (%s) must be one of words, got one of %ss: the sets are texts that other symbols cannot write"
              .formatted(run, folder.kind().token()));
    }
    Map<EvaluationSet, List<Path>> files = flags.files();
    NativeBackend.requireUsable();
    Precision computed = precision.chosen(terminal);
    RunTokenizer tokenizer = RunTokenizer.of(folder);
    try (MaskedDiffusion model =
            MaskedDiffusion.load(
                folder.checkpoint(), tokenizer.types(), ComputeBackend.preferred(computed));
        CountedDenoiser denoiser = new CountedDenoiser(model.denoiser(), terminal)) {
      terminal
          .out()
          .print(
              new ZeroShotMeasurement(
                      run,
                      model.checkpoint(),
                      denoiser,
                      model.fit(),
                      tokenizer.tokenizer(),
                      training(folder, model.checkpoint()),
                      computed,
                      flags,
                      terminal.err())
                  .measure(files, json));
    }
    return 0;
  }

  /** What the run learned from, as much of it as is to be counted. */
  private @Nullable TokenSequence training(RunFolder folder, Checkpoint checkpoint)
      throws IOException {
    if (flags.ngramTokens() == 0) {
      return null;
    }
    TokenSequence training =
        RunShards.open(folder, checkpoint, "to measure without n-gram models give --ngram-tokens 0")
            .train();
    return training.part(0, Math.min(training.length(), flags.ngramTokens()));
  }
}
