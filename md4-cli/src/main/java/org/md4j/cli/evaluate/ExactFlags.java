package org.md4j.cli.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.NameConverter;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunSchedule;
import org.md4j.cli.terminal.CommandException;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.diffusion.Fit;
import org.md4j.likelihood.ChainRule;
import org.md4j.likelihood.EvidenceBracket;
import org.md4j.likelihood.PolicyLikelihood;
import org.md4j.likelihood.RowLikelihoods;
import org.md4j.likelihood.UnmaskingPolicy;
import org.md4j.sampling.PositionOrder;
import org.md4j.sampling.RevealOrder;
import org.md4j.schedule.MaskingSchedule;
import picocli.CommandLine.Option;

/** The options of exact likelihoods, which take an evaluation a token and so few rows. */
public final class ExactFlags {
  private static final int ROWS = 8;

  /** A deterministic order of unmasking, one character at a time. */
  private enum Policy {
    CONFIDENCE,
    MARGIN,
    ENTROPY,
    LEFT_TO_RIGHT,
    DILATED;

    UnmaskingPolicy unmasking(int length) {
      return switch (this) {
        case CONFIDENCE -> UnmaskingPolicy.of(RevealOrder.CONFIDENCE, 1);
        case MARGIN -> UnmaskingPolicy.of(RevealOrder.MARGIN, 1);
        case ENTROPY -> UnmaskingPolicy.of(RevealOrder.ENTROPY, 1);
        case LEFT_TO_RIGHT -> UnmaskingPolicy.leftToRight(1);
        case DILATED -> UnmaskingPolicy.of(PositionOrder.dilated(), length, 1);
      };
    }

    @Override
    public String toString() {
      return FlagNames.spelled(this);
    }

    static final class Converter extends NameConverter<Policy> {
      Converter() {
        super(Policy.class);
      }
    }
  }

  @Option(
      names = "--exact-orders",
      paramLabel = "COUNT",
      description =
          "Also bracket the exact likelihood, from this even number of drawn orders a row. Default:"
              + " none.")
  private @Nullable Integer orders;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      converter = Policy.Converter.class,
      description =
          "Also the exact likelihood of unmasking by confidence, margin, entropy, left-to-right or"
              + " dilated (far apart first), one character (or colour of a pixel) at a time."
              + " Default: none.")
  private @Nullable Policy policy;

  @Option(
      names = "--rows",
      paramLabel = "COUNT",
      description = "Rows for these, spread evenly over the held-out part. Default: " + ROWS + ".")
  private @Nullable Integer rows;

  /** Whether anything is to be measured. */
  boolean wanted() {
    return orders != null || policy != null;
  }

  /** Checks every option, before anything is read. */
  public void check() {
    if (orders != null && (orders < 2 || orders % 2 != 0)) {
      throw new CommandException("--exact-orders (" + orders + ") must be even and at least 2");
    }
    if (rows != null && !wanted()) {
      throw new CommandException("--rows is of no use without --exact-orders or --policy");
    }
    if (rows != null && rows < 1) {
      throw new CommandException("--rows (" + rows + ") must be at least 1");
    }
  }

  /** Checks that these exist for the run. */
  public void check(Fit fit) {
    if (wanted()) {
      RunSchedule.common(fit);
    }
  }

  /** Checks that there are as many rows. */
  public void check(RowSource text, RunKind kind) {
    if (wanted() && text.size() < rows()) {
      throw new CommandException(
          "--rows (%d) must be at most the held-out %s, %d"
              .formatted(rows(), kind.rows(), text.size()));
    }
  }

  /**
   * Measures what is wanted.
   *
   * @return the results by name, in bits a token
   */
  public List<ExactResult> measure(Denoiser denoiser, RowSource text, Fit fit, long seed) {
    List<ExactResult> results = new ArrayList<>();
    if (!wanted()) {
      return results;
    }
    MaskingSchedule schedule = RunSchedule.common(fit);
    Rows clean = text.rows(spread(text.size()));
    if (orders != null) {
      EvidenceBracket bracket =
          EvidenceBracket.of(
              new ChainRule(denoiser, schedule), clean, orders, new CounterRandom(seed));
      long evaluations = bracket.evaluations();
      results.add(ExactResult.of("upper", orders + " drawn orders", bracket.upper(), evaluations));
      results.add(ExactResult.of("middle", "the same", bracket.middle(), evaluations));
      results.add(
          ExactResult.of("lower", "the same, loose for long rows", bracket.lower(), evaluations));
    }
    if (policy != null) {
      RowLikelihoods exact =
          new PolicyLikelihood(denoiser, schedule, policy.unmasking(text.length())).of(clean);
      results.add(
          ExactResult.of("policy", policy.toString(), exact.bitsPerToken(), exact.evaluations()));
    }
    return results;
  }

  private int rows() {
    return rows == null ? ROWS : rows;
  }

  /** Numbers of rows spread evenly over the held-out part. */
  private long[] spread(long all) {
    return LongStream.range(0, rows()).map(i -> i * all / rows()).toArray();
  }
}
