package org.md4j.cli.study;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.md4j.cli.option.NamedGrid;
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
import org.md4j.sampling.UnmaskingRule;
import org.md4j.schedule.MaskingSchedule;

/** A sampler of the study, with the rows it has in the table. */
public enum StudySampler {
  /** Ancestral sampling, on both grids. */
  EVENT_DRIVEN {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return Stream.of(NamedGrid.values())
          .flatMap(grid -> on(grid, steps, times -> ancestral(Decoding.of(schedule), times)))
          .toList();
    }
  },

  /** The same law the long way, at one number of steps: a check, in the middle of the list. */
  STEPWISE {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return onCosine(
          List.of(steps.get(steps.size() / 2)),
          times -> new StepwiseSampler(Decoding.of(schedule), UnmaskingRule.ANCESTRAL, times));
    }
  },

  /** Ancestral sampling from the nucleus of each prediction. */
  TOP_P {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      double p = LogitFilter.REFERENCE_TOP_P;
      Decoding nucleus = Decoding.of(schedule).withFilter(LogitFilter.topP(p));
      return on(NamedGrid.COSINE, String.valueOf(p), steps, times -> ancestral(nucleus, times))
          .toList();
    }
  },

  /** Euler steps. */
  EULER {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return onCosine(
          steps,
          times -> new EventDrivenSampler(Decoding.of(schedule), UnmaskingRule.EULER, times));
    }
  },

  /** Tau-leaping. */
  TAU_LEAPING {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return onCosine(
          steps,
          times -> new EventDrivenSampler(Decoding.of(schedule), UnmaskingRule.TAU_LEAPING, times));
    }
  },

  /** The most probable tokens first. */
  CONFIDENCE {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return ordered(schedule, RevealOrder.CONFIDENCE, steps);
    }
  },

  /** The clearest choices first. */
  MARGIN {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return ordered(schedule, RevealOrder.MARGIN, steps);
    }
  },

  /** The least uncertain predictions first. */
  ENTROPY {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return ordered(schedule, RevealOrder.ENTROPY, steps);
    }
  },

  /** Tokens far apart together, on both grids: the uniform one keeps them furthest apart. */
  DILATED {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return Stream.of(NamedGrid.values())
          .flatMap(
              grid ->
                  on(
                      grid,
                      steps,
                      times ->
                          new FixedOrderSampler(
                              Decoding.of(schedule), PositionOrder.dilated(), times)))
          .toList();
    }
  },

  /** As many tokens at a time as a bound on their entropy allows, for several bounds. */
  ENTROPY_BOUNDED {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return DoubleStream.of(BOUNDS)
          .mapToObj(
              bound ->
                  withoutSteps(
                      bound + " nats", new EntropyBoundedSampler(Decoding.of(schedule), bound)))
          .toList();
    }
  },

  /** One token at a time, at the times at which it would have been revealed. */
  FIRST_HITTING {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return List.of(withoutSteps("", new FirstHittingSampler(Decoding.of(schedule))));
    }
  },

  /** Ancestral sampling that masks some tokens anew. */
  REMASKING {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return on(
              NamedGrid.COSINE,
              "strength " + STRENGTH,
              steps,
              times -> new RemaskingSampler(Decoding.of(schedule), STRENGTH, times))
          .toList();
    }
  },

  /** One corrector step of the length of a uniform step after each ancestral one. */
  CORRECTOR {
    @Override
    public List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps) {
      return on(
              NamedGrid.COSINE,
              "1 of size 1/steps",
              steps,
              times ->
                  new PredictorCorrectorSampler(
                      Decoding.of(schedule), times, 1, 1.0 / times.steps()))
          .toList();
    }
  };

  private static final double[] BOUNDS = {0.1, 0.3, 1, 3};
  private static final double STRENGTH = 0.05;

  /**
   * The rows of this sampler.
   *
   * @param schedule the network was trained with
   * @param steps numbers of steps, at least one
   */
  public abstract List<StudyCase> cases(MaskingSchedule schedule, List<Integer> steps);

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  List<StudyCase> ordered(MaskingSchedule schedule, RevealOrder order, List<Integer> steps) {
    return onCosine(steps, times -> new OrderedSampler(Decoding.of(schedule), order, times));
  }

  List<StudyCase> onCosine(List<Integer> steps, Function<TimeGrid, ReverseSampler> sampler) {
    return on(NamedGrid.COSINE, steps, sampler).toList();
  }

  Stream<StudyCase> on(
      NamedGrid grid, List<Integer> steps, Function<TimeGrid, ReverseSampler> sampler) {
    return on(grid, "", steps, sampler);
  }

  Stream<StudyCase> on(
      NamedGrid grid,
      String setting,
      List<Integer> steps,
      Function<TimeGrid, ReverseSampler> sampler) {
    return steps.stream()
        .map(
            count ->
                new StudyCase(toString(), setting, grid, count, sampler.apply(grid.of(count))));
  }

  StudyCase withoutSteps(String setting, ReverseSampler sampler) {
    return new StudyCase(toString(), setting, null, null, sampler);
  }

  private static ReverseSampler ancestral(Decoding decoding, TimeGrid times) {
    return EventDrivenSampler.ancestral(decoding, times);
  }
}
