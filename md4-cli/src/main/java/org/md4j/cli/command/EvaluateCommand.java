package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.md4j.cli.evaluate.BaselineResult;
import org.md4j.cli.evaluate.EvaluationSummary;
import org.md4j.cli.evaluate.ExactFlags;
import org.md4j.cli.evaluate.ExactResult;
import org.md4j.cli.evaluate.HeldOutPictures;
import org.md4j.cli.evaluate.HeldOutText;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.LikelihoodFlags;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.terminal.CountedDenoiser;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;
import org.md4j.core.UnlabelledDenoiser;
import org.md4j.diffusion.Fit;
import org.md4j.diffusion.LikelihoodMeasurement;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.likelihood.LikelihoodEstimate;
import org.md4j.likelihood.LikelihoodProtocol;
import org.md4j.likelihood.ProtocolChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how likely held-out text, or pictures, are under a run's averaged weights. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description = {
      "Measure how likely held-out text is under the EMA weights of a run, in bits a character, or"
          + " pictures, in bits per dimension.",
      "The number is an upper bound (the negative ELBO), with its standard error over rows.",
      "A class-conditional network is told the classes of the pictures, if they have those of the"
          + " run."
    })
public final class EvaluateCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run, or a checkpoint in it.")
  private Path run = Path.of("");

  @Mixin private HeldOutText data = new HeldOutText();

  @Mixin private LikelihoodFlags likelihood = new LikelihoodFlags();

  @Mixin private PrecisionFlag precision = PrecisionFlag.forLikelihoods();

  @Mixin private ExactFlags exact = new ExactFlags();

  @Option(
      names = "--baselines",
      description =
          "Also what all held-out rows cost without a network: text by a unigram model and one of 3"
              + " words or 6 characters, counted in what the run learned from (of words the first"
              + " ten million); pictures as uniform and independent values, as PNG and by a context"
              + " model. Default: off.")
  private boolean baselines;

  @Option(
      names = "--json",
      description = "One line of JSON instead: value, error, protocol and data. Default: off.")
  private boolean json;

  /** Creates the command, to print to a terminal. */
  public EvaluateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    likelihood.check();
    exact.check();
    RunFolder folder = RunFolder.of(run).requireRun();
    RunKind kind = folder.kind();
    NativeBackend.requireUsable();
    Precision computed = precision.chosen(terminal);
    RunTokenizer tokenizer = RunTokenizer.of(folder);
    try (MaskedDiffusion model =
        MaskedDiffusion.load(
            folder.checkpoint(), tokenizer.types(), ComputeBackend.preferred(computed))) {
      show(
          kind.isText()
              ? text(folder, tokenizer, model, computed)
              : pictures(folder, model, computed));
    }
    return 0;
  }

  private EvaluationSummary text(
      RunFolder folder, RunTokenizer tokenizer, MaskedDiffusion model, Precision computed)
      throws IOException {
    RunKind kind = folder.kind();
    RowSource heldOut = data.rows(folder, tokenizer, model.checkpoint());
    List<BaselineResult> others =
        baselines
            ? BaselineResult.of(data.training(folder, model.checkpoint()), heldOut, kind)
            : List.of();
    return measure(kind, model, computed, heldOut, data.split(), others);
  }

  private EvaluationSummary pictures(RunFolder folder, MaskedDiffusion model, Precision computed)
      throws IOException {
    ImageRunConfig config = folder.readConfig(ImageRunConfig.class);
    try (HeldOutPictures pictures = data.pictures(config, model.checkpoint(), baselines)) {
      RowSource training = pictures.training();
      List<BaselineResult> others =
          baselines && training != null
              ? BaselineResult.of(training, pictures.heldOut(), config.shape())
              : List.of();
      return measure(RunKind.IMAGE, model, computed, pictures.heldOut(), pictures.split(), others);
    }
  }

  private EvaluationSummary measure(
      RunKind kind,
      MaskedDiffusion model,
      Precision computed,
      RowSource heldOut,
      String split,
      List<BaselineResult> others) {
    Fit fit = model.fit();
    Optional<LikelihoodProtocol> given = likelihood.protocol(heldOut, fit, kind);
    exact.check(fit);
    exact.check(heldOut, kind);
    int classes = model.network().classes();
    boolean unlabelled = classes > 0 && heldOut.classes() == 0;
    if (unlabelled) {
      terminal
          .err()
          .println(
              "the network is told no classes: the pictures have none, or not those of the run");
    }
    Denoiser network =
        unlabelled ? new UnlabelledDenoiser(model.denoiser(), classes) : model.denoiser();
    try (CountedDenoiser denoiser = new CountedDenoiser(network, terminal)) {
      LikelihoodMeasurement measurement = likelihood.measurement(denoiser, fit, heldOut);
      long pilotEvaluations = 0;
      LikelihoodProtocol protocol;
      if (given.isPresent()) {
        protocol = given.get();
      } else {
        ProtocolChoice choice = likelihood.pilot(measurement, terminal.err());
        protocol = choice.protocol();
        pilotEvaluations =
            choice.pilots().stream().mapToLong(LikelihoodEstimate::evaluations).sum();
      }
      LikelihoodEstimate estimate =
          measurement.withProtocol(protocol).toStandardError(likelihood.standardError());
      List<ExactResult> results = exact.measure(denoiser, heldOut, fit, likelihood.seed());
      return EvaluationSummary.of(
          run.toString(),
          kind,
          estimate,
          likelihood,
          computed,
          pilotEvaluations,
          heldOut,
          split,
          model.checkpoint(),
          results,
          others);
    }
  }

  private void show(EvaluationSummary summary) {
    if (!summary.standardErrorReached()) {
      terminal
          .err()
          .printf(
              Locale.ROOT,
              "standard error %.4f, %.4f was wanted: allow more with --max-evaluations%n",
              summary.standardError(),
              likelihood.standardError());
    }
    if (json) {
      terminal.out().println(summary.toJson());
    } else {
      terminal.out().print(summary.toText());
    }
  }
}
