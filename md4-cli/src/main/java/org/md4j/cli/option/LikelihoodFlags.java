package org.md4j.cli.option;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.terminal.CommandException;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;
import org.md4j.diffusion.Fit;
import org.md4j.diffusion.LikelihoodMeasurement;
import org.md4j.likelihood.LikelihoodProtocol;
import org.md4j.likelihood.ProtocolChoice;
import org.md4j.objective.Objective;
import picocli.CommandLine.Option;

/** The options of the evidence bound: how it is estimated and how well it must be known. */
public final class LikelihoodFlags {
  static final String STANDARD_ERROR = "--standard-error";

  private static final int LEAST_GROUPS = 2;

  /** How the bound is estimated. */
  private enum Protocol {
    AUTO,
    PAPER,
    STRATIFIED_TIME,
    MASK_COUNT;

    @Override
    public String toString() {
      return FlagNames.spelled(this);
    }

    static final class Converter extends NameConverter<Protocol> {
      Converter() {
        super(Protocol.class);
      }
    }
  }

  @Option(
      names = STANDARD_ERROR,
      paramLabel = "BITS",
      defaultValue = "0.005",
      description =
          "Standard error wanted, bits a character or per dimension. Default: ${DEFAULT-VALUE}.")
  private double standardError;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      defaultValue = "auto",
      converter = Protocol.Converter.class,
      description =
          "paper: one time and mask a row; stratified-time, mask-count: evenly spread times or"
              + " numbers of masks; auto: the best of these in a small pilot. Default:"
              + " ${DEFAULT-VALUE}.")
  private Protocol protocol = Protocol.AUTO;

  @Option(
      names = "--draws",
      paramLabel = "COUNT",
      description = "Of time or mask a row, for stratified-time and mask-count. Default: 1.")
  private @Nullable Integer draws;

  @Option(
      names = "--max-evaluations",
      paramLabel = "ROWS",
      defaultValue = "100000",
      description = "Rows the network may be given at most. Default: ${DEFAULT-VALUE}.")
  private long maxEvaluations;

  @Option(
      names = "--confidence",
      paramLabel = "LEVEL",
      defaultValue = "0.95",
      description = "Of the interval. Default: ${DEFAULT-VALUE}.")
  private double confidence;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Decides the order of the rows and every mask. Default: ${DEFAULT-VALUE}.")
  private long seed;

  /** The standard error wanted, bits a token. */
  public double standardError() {
    return standardError;
  }

  /** The level of the interval. */
  public double confidence() {
    return confidence;
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /** Checks every option, before anything is read. */
  public void check() {
    if (!(standardError > 0)) {
      throw new CommandException(STANDARD_ERROR + " (" + standardError + ") must be positive");
    }
    if (draws != null && draws < 1) {
      throw new CommandException("--draws (" + draws + ") must be at least 1");
    }
    if (draws != null && protocol != Protocol.STRATIFIED_TIME && protocol != Protocol.MASK_COUNT) {
      throw new CommandException(
          "--draws is of no use to --protocol %s: leave it out or choose stratified-time or mask-count"
              .formatted(protocol));
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new CommandException("--confidence (" + confidence + ") must be in (0, 1)");
    }
    if (maxEvaluations < 1) {
      throw new CommandException("--max-evaluations (" + maxEvaluations + ") must be at least 1");
    }
  }

  /**
   * How to measure, before anything is measured.
   *
   * @return empty if a pilot is to find out
   * @throws CommandException if data or budget are too small
   */
  public Optional<LikelihoodProtocol> protocol(RowSource rows, Fit fit, RunKind kind) {
    int drawsPerRow = draws == null ? 1 : draws;
    LikelihoodProtocol least = new LikelihoodProtocol(fit.inTime(), 1, 1);
    Optional<LikelihoodProtocol> given =
        switch (protocol) {
          case AUTO -> fit.isExact() ? Optional.of(least) : Optional.empty();
          case PAPER -> Optional.of(LikelihoodProtocol.paper(fit.inTime()));
          case STRATIFIED_TIME -> Optional.of(new LikelihoodProtocol(fit.inTime(), 1, drawsPerRow));
          case MASK_COUNT -> Optional.of(new LikelihoodProtocol(inMaskCounts(fit), 1, drawsPerRow));
        };
    if (fit.isExact() && protocol != Protocol.AUTO) {
      throw new CommandException(
          "--protocol %s is of no use to this run, whose likelihood is exact: leave it out"
              .formatted(protocol));
    }
    requireEnough(given.orElse(least), rows, kind);
    return given;
  }

  private static Objective inMaskCounts(Fit fit) {
    return fit.objective()
        .inMaskCounts()
        .orElseThrow(
            () ->
                new CommandException(
                    "--protocol mask-count needs masks that do not depend on what they hide, in"
                        + " continuous time, which this run has not: choose paper or"
                        + " stratified-time"));
  }

  /** The measurement these options ask for, of the network as it is told to be. */
  public LikelihoodMeasurement measurement(Denoiser denoiser, Fit fit, RowSource rows) {
    return LikelihoodMeasurement.of(denoiser, fit, rows)
        .withSeed(seed)
        .withMostEvaluations(maxEvaluations);
  }

  /** Measures the protocols for which text and budget are large enough. */
  public ProtocolChoice pilot(LikelihoodMeasurement measurement, PrintStream log) {
    ProtocolChoice choice = measurement.pilot();
    log.printf(
        Locale.ROOT,
        "protocol %s: least variance of %d in a pilot of %d evaluations each%n",
        Fit.describe(choice.protocol()),
        choice.pilots().size(),
        LikelihoodMeasurement.PILOT_EVALUATIONS);
    return choice;
  }

  private void requireEnough(LikelihoodProtocol chosen, RowSource rows, RunKind kind) {
    if (rows.size() < leastRows(chosen)) {
      throw new CommandException(
          "the held-out part must hold at least %d %s of %d %s for protocol %s, got %d: use more data"
              .formatted(
                  leastRows(chosen),
                  kind.rows(),
                  rows.length(),
                  kind.tokens(),
                  Fit.describe(chosen),
                  rows.size()));
    }
    if (maxEvaluations < leastEvaluations(chosen)) {
      throw new CommandException(
          "--max-evaluations (%d) must be at least %d for protocol %s"
              .formatted(maxEvaluations, leastEvaluations(chosen), Fit.describe(chosen)));
    }
  }

  private static long leastEvaluations(LikelihoodProtocol candidate) {
    return (long) LEAST_GROUPS * candidate.evaluationsPerGroup();
  }

  private static long leastRows(LikelihoodProtocol candidate) {
    return (long) LEAST_GROUPS * candidate.rowsTogether();
  }
}
