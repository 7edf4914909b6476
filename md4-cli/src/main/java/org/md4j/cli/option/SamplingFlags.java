package org.md4j.cli.option;

import static java.util.Objects.requireNonNullElse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunSchedule;
import org.md4j.cli.terminal.CommandException;
import org.md4j.data.image.ImageShape;
import org.md4j.diffusion.Fit;
import org.md4j.sampling.AutoregressiveSampler;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.EntropyBoundedSampler;
import org.md4j.sampling.EventDrivenSampler;
import org.md4j.sampling.FirstHittingSampler;
import org.md4j.sampling.FixedOrderSampler;
import org.md4j.sampling.LogitFilter;
import org.md4j.sampling.OrderedSampler;
import org.md4j.sampling.PositionOrder;
import org.md4j.sampling.PredictorCorrectorSampler;
import org.md4j.sampling.RemaskingSampler;
import org.md4j.sampling.RevealOrder;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.StepwiseSampler;
import org.md4j.sampling.TimeGrid;
import org.md4j.sampling.ToldTime;
import org.md4j.sampling.UnmaskingRule;
import org.md4j.schedule.MaskingSchedule;
import picocli.CommandLine.Option;

/** The options that choose a sampler and its settings. */
public final class SamplingFlags {
  private static final int STEPS = 256;
  private static final double BOUND = 0.1;
  private static final double STRENGTH = 0.05;
  private static final int CORRECTIONS = 1;
  private static final double CORRECTOR_SIZE = 0.01;

  /** Stands for any picture where only settings are checked. */
  private static final ImageShape ONE_PIXEL = new ImageShape(1, 1, 1);

  private static final FlagNames NAMES =
      new FlagNames(
          Map.of(
              "steps", "--steps",
              "temperature", "--temperature",
              "p", "--top-p",
              "k", "--top-k",
              "bound", "--bound",
              "strength", "--strength",
              "corrections", "--corrections",
              "size", "--corrector-size"));

  /** Which time the network is told. */
  private enum Told {
    STEP,
    VISIBLE;

    ToldTime toldTime() {
      return this == STEP ? ToldTime.OF_STEP : ToldTime.OF_VISIBLE_TOKENS;
    }

    @Override
    public String toString() {
      return FlagNames.spelled(this);
    }

    static final class Converter extends NameConverter<Told> {
      Converter() {
        super(Told.class);
      }
    }
  }

  @Option(
      names = "--sampler",
      paramLabel = "NAME",
      converter = SamplerName.Converter.class,
      description = {
        "event-driven: ancestral, at the price of the steps that reveal something;",
        "stepwise: ancestral, the whole network at every step; euler, tau-leaping: inexact steps;",
        "first-hitting: one character an evaluation; confidence, margin, entropy: the surest"
            + " first;",
        "dilated: far apart together; halton: the same for pictures, which alone have it;",
        "entropy-bounded: as many at once as are nearly independent;",
        "remasking, corrector: characters are masked again and redrawn;",
        "autoregressive: from left to right. A genmd4 run has event-driven and stepwise, an ar run"
            + " autoregressive only. Default: event-driven, or what an ar run has."
      })
  private @Nullable SamplerName sampler;

  @Option(
      names = "--grid",
      paramLabel = "NAME",
      converter = GridConverter.class,
      description =
          "When the steps take place: uniform, or cosine, small steps first. Default: cosine.")
  private @Nullable NamedGrid grid;

  @Option(
      names = "--steps",
      paramLabel = "COUNT",
      description =
          "Steps of the sampler: more are slower and better; the paper's text has 1000. Default: "
              + STEPS
              + ".")
  private @Nullable Integer steps;

  @Option(
      names = "--temperature",
      paramLabel = "NUMBER",
      description = "Divides the logits: below 1 likely characters become likelier. Default: 1.")
  private @Nullable Double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "SHARE",
      description =
          "Draw among the likeliest characters with this probability together; the reference has "
              + LogitFilter.REFERENCE_TOP_P
              + ". Default: 1, all.")
  private @Nullable Double topP;

  @Option(
      names = "--top-k",
      paramLabel = "COUNT",
      description = "Draw among this many likeliest characters. Default: all.")
  private @Nullable Integer topK;

  @Option(
      names = "--bound",
      paramLabel = "NATS",
      description = "How dependent characters revealed at once may be. Default: " + BOUND + ".")
  private @Nullable Double bound;

  @Option(
      names = "--strength",
      paramLabel = "SHARE",
      description = "Of the most remasking possible, in [0, 1]. Default: " + STRENGTH + ".")
  private @Nullable Double strength;

  @Option(
      names = "--corrections",
      paramLabel = "COUNT",
      description = "Corrector steps after each step. Default: " + CORRECTIONS + ".")
  private @Nullable Integer corrections;

  @Option(
      names = "--corrector-size",
      paramLabel = "TIME",
      description = "Size of a corrector step, as a time. Default: " + CORRECTOR_SIZE + ".")
  private @Nullable Double correctorSize;

  @Option(
      names = "--told-time",
      paramLabel = "NAME",
      converter = Told.Converter.class,
      description =
          "Time the network is told: step, the sampler's own; visible, the one that fits the"
              + " characters in place. Default: visible to fill in, step otherwise.")
  private @Nullable Told toldTime;

  private final Told usualTime;

  private SamplingFlags(Told usualTime) {
    this.usualTime = usualTime;
  }

  /** The options of drawing from scratch. */
  public static SamplingFlags fromScratch() {
    return new SamplingFlags(Told.STEP);
  }

  /** The options of filling in. */
  public static SamplingFlags forInfilling() {
    return new SamplingFlags(Told.VISIBLE);
  }

  /**
   * Checks every option, before there is a network.
   *
   * @throws CommandException if one is out of range or of no use to the sampler
   */
  public void check() {
    Map<String, @Nullable Object> particular = new LinkedHashMap<>();
    particular.put("--grid", grid);
    particular.put("--steps", steps);
    particular.put("--bound", bound);
    particular.put("--strength", strength);
    particular.put("--corrections", corrections);
    particular.put("--corrector-size", correctorSize);
    SamplerName asked = requireNonNullElse(sampler, SamplerName.EVENT_DRIVEN);
    particular.forEach(
        (option, value) -> {
          if (value != null && !asked.uses(option)) {
            throw new CommandException(
                "%s is of no use to --sampler %s: leave it out or choose another sampler"
                    .formatted(option, asked));
          }
        });
    ReverseSampler unused =
        NAMES.check(() -> make(asked, MaskingSchedule.reference(), ToldTime.OF_STEP, ONE_PIXEL));
    Objects.requireNonNull(unused);
  }

  /**
   * The sampler of texts asked for, or the usual one.
   *
   * @param fit what fits the run
   * @throws CommandException if there is no such sampler for it
   */
  public ReverseSampler sampler(Fit fit) {
    if (name(fit) == SamplerName.HALTON) {
      throw new CommandException(
          "--sampler halton is of no use to this run: it goes by the pixels of pictures; choose"
              + " dilated or another sampler");
    }
    return sampler(fit, ONE_PIXEL);
  }

  /**
   * The sampler of pictures asked for, or the usual one.
   *
   * @param fit what fits the run
   * @param shape of the pictures
   * @throws CommandException if there is no such sampler for it
   */
  public ReverseSampler sampler(Fit fit, ImageShape shape) {
    SamplerName name = name(fit);
    if (!name.fits(fit)) {
      throw new CommandException(
          "--sampler %s is of no use to this run: %s".formatted(name, whatFits(fit)));
    }
    if (!hasCommonSchedule(fit) && toldTime == Told.VISIBLE) {
      throw new CommandException(
          "--told-time visible needs one schedule for all characters, which this run has not: leave"
              + " it out");
    }
    if (name == SamplerName.AUTOREGRESSIVE && (grid != null || steps != null)) {
      throw new CommandException(
          "--grid and --steps are of no use to this run, which draws from left to right: leave them"
              + " out");
    }
    return NAMES.check(
        () -> {
          if (hasCommonSchedule(fit)) {
            return make(name, RunSchedule.common(fit), toldTime(fit).toldTime(), shape);
          }
          TimeGrid times = grid().of(steps());
          return name == SamplerName.STEPWISE
              ? fit.stepwiseOfEachToken(times, filter())
              : fit.sampler(times, filter(), ToldTime.OF_STEP);
        });
  }

  /**
   * The settings by their names, in order; null where the sampler has no such setting.
   *
   * @param fit what fits the run
   */
  public Map<String, @Nullable Object> settings(Fit fit) {
    SamplerName sampler = name(fit);
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    settings.put("sampler", sampler.toString());
    settings.put("grid", sampler.uses("--grid") ? grid().toString() : null);
    settings.put("steps", sampler.uses("--steps") ? steps() : null);
    return settings;
  }

  /** Settings beyond those of every sampler, by their names: those of this sampler or given. */
  public Map<String, Object> furtherSettings(Fit fit) {
    SamplerName sampler = name(fit);
    Map<String, Object> settings = new LinkedHashMap<>();
    putOwn(settings, sampler, "bound", requireNonNullElse(bound, BOUND));
    putOwn(settings, sampler, "strength", requireNonNullElse(strength, STRENGTH));
    putOwn(settings, sampler, "corrections", requireNonNullElse(corrections, CORRECTIONS));
    putOwn(settings, sampler, "corrector-size", requireNonNullElse(correctorSize, CORRECTOR_SIZE));
    putGiven(settings, "temperature", temperature);
    putGiven(settings, "top_p", topP);
    putGiven(settings, "top_k", topK);
    settings.put("told_time", toldTime(fit).toString());
    return settings;
  }

  private static void putOwn(
      Map<String, Object> settings, SamplerName sampler, String name, Object value) {
    if (sampler.uses("--" + name)) {
      settings.put(name.replace('-', '_'), value);
    }
  }

  private static void putGiven(Map<String, Object> settings, String name, @Nullable Object value) {
    if (value != null) {
      settings.put(name, value);
    }
  }

  private ReverseSampler make(
      SamplerName name, MaskingSchedule schedule, ToldTime told, ImageShape shape) {
    Decoding decoding = Decoding.of(schedule).withFilter(filter()).withToldTime(told);
    TimeGrid times = grid().of(steps());
    return switch (name) {
      case EVENT_DRIVEN -> new EventDrivenSampler(decoding, UnmaskingRule.ANCESTRAL, times);
      case STEPWISE -> new StepwiseSampler(decoding, UnmaskingRule.ANCESTRAL, times);
      case EULER -> new EventDrivenSampler(decoding, UnmaskingRule.EULER, times);
      case TAU_LEAPING -> new EventDrivenSampler(decoding, UnmaskingRule.TAU_LEAPING, times);
      case FIRST_HITTING -> new FirstHittingSampler(decoding);
      case CONFIDENCE -> new OrderedSampler(decoding, RevealOrder.CONFIDENCE, times);
      case MARGIN -> new OrderedSampler(decoding, RevealOrder.MARGIN, times);
      case ENTROPY -> new OrderedSampler(decoding, RevealOrder.ENTROPY, times);
      case DILATED -> new FixedOrderSampler(decoding, PositionOrder.dilated(), times);
      case HALTON ->
          new FixedOrderSampler(
              decoding,
              PositionOrder.halton(shape.height(), shape.width(), shape.colours()),
              times);
      case ENTROPY_BOUNDED -> new EntropyBoundedSampler(decoding, requireNonNullElse(bound, BOUND));
      case REMASKING ->
          new RemaskingSampler(decoding, requireNonNullElse(strength, STRENGTH), times);
      case CORRECTOR ->
          new PredictorCorrectorSampler(
              decoding,
              times,
              requireNonNullElse(corrections, CORRECTIONS),
              requireNonNullElse(correctorSize, CORRECTOR_SIZE));
      case AUTOREGRESSIVE -> new AutoregressiveSampler(filter());
    };
  }

  private LogitFilter filter() {
    LogitFilter filter = LogitFilter.none();
    if (temperature != null) {
      filter = filter.andThen(LogitFilter.temperature(temperature));
    }
    if (topK != null) {
      filter = filter.andThen(LogitFilter.topK(topK));
    }
    if (topP != null) {
      filter = filter.andThen(LogitFilter.topP(topP));
    }
    return filter;
  }

  private SamplerName name(Fit fit) {
    return requireNonNullElse(sampler, SamplerName.usual(fit));
  }

  private static String whatFits(Fit fit) {
    return switch (fit.unmasking()) {
      case SCHEDULE_OF_EACH_TOKEN ->
          "its characters have schedules of their own; choose event-driven or stepwise";
      case LEFT_TO_RIGHT ->
          "it is autoregressive and draws from left to right; leave --sampler out";
      case COMMON_SCHEDULE, UNKNOWN ->
          "only an autoregressive run draws from left to right; choose another sampler";
    };
  }

  private static boolean hasCommonSchedule(Fit fit) {
    return fit.unmasking() == Fit.Unmasking.COMMON_SCHEDULE;
  }

  private NamedGrid grid() {
    return requireNonNullElse(grid, NamedGrid.COSINE);
  }

  private int steps() {
    return requireNonNullElse(steps, STEPS);
  }

  private Told toldTime(Fit fit) {
    return hasCommonSchedule(fit) ? requireNonNullElse(toldTime, usualTime) : Told.STEP;
  }
}
