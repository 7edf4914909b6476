package org.md4j.cli.page;

import java.util.ArrayList;
import java.util.List;
import org.md4j.sampling.Reveal;
import org.md4j.sampling.SamplingEvent;

/**
 * How one text came about: what it started as and every change of a position since, oldest first. A
 * position that is masked again changes to the mask, with probability and entropy 0.
 *
 * @param name what it is called on the page
 * @param start token ids at the start, [N], masks where something was to be drawn
 * @param steps of each event, [E], not descending
 * @param times the sampler's time of each, [E], in [0, 1]
 * @param positions in 0..N-1, [E]
 * @param tokens what the position became, [E]
 * @param probabilities the network gave that token, [E]
 * @param entropies of its prediction, nats, [E]
 */
record ReportSample(
    String name,
    int[] start,
    int[] steps,
    double[] times,
    int[] positions,
    int[] tokens,
    double[] probabilities,
    double[] entropies) {
  /** A change of one position. */
  record Event(int step, double time, int position, int token, double probability, double entropy) {
    static Event of(SamplingEvent event, int mask) {
      return event instanceof Reveal reveal
          ? new Event(
              reveal.step(),
              reveal.time(),
              reveal.position(),
              reveal.token(),
              reveal.probability(),
              reveal.entropy())
          : new Event(event.step(), event.time(), event.position(), mask, 0, 0);
    }
  }

  /** What a trace has kept of a row. */
  static ReportSample of(String name, int[] start, List<SamplingEvent> events, int mask) {
    return of(name, start, events.stream().map(event -> Event.of(event, mask)).toList());
  }

  static ReportSample of(String name, int[] start, List<Event> events) {
    return new ReportSample(
        name,
        start,
        events.stream().mapToInt(Event::step).toArray(),
        events.stream().mapToDouble(event -> decimals(event.time(), 4)).toArray(),
        events.stream().mapToInt(Event::position).toArray(),
        events.stream().mapToInt(Event::token).toArray(),
        events.stream().mapToDouble(event -> decimals(event.probability(), 5)).toArray(),
        events.stream().mapToDouble(event -> decimals(event.entropy(), 3)).toArray());
  }

  /**
   * The same sample with every so many steps seen as one: of what happened to a position in them,
   * only the last counts, and nothing at all if it was masked before and after.
   */
  ReportSample merged(int together, int mask) {
    int[] current = start.clone();
    int[] last = new int[start.length];
    List<Event> kept = new ArrayList<>();
    int to;
    for (int from = 0; from < steps.length; from = to) {
      int window = steps[from] / together;
      for (to = from; to < steps.length && steps[to] / together == window; to++) {
        last[positions[to]] = to;
      }
      for (int i = from; i < to; i++) {
        int position = positions[i];
        if (last[position] == i) {
          if (tokens[i] != mask || current[position] != mask) {
            kept.add(event(i));
          }
          current[position] = tokens[i];
        }
      }
    }
    return of(name, start, kept);
  }

  private Event event(int i) {
    return new Event(steps[i], times[i], positions[i], tokens[i], probabilities[i], entropies[i]);
  }

  private static double decimals(double value, int count) {
    double unit = Math.pow(10, count);
    return Math.rint(value * unit) / unit;
  }
}
