package org.md4j.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.md4j.model.layer.ParameterMatrix;

/**
 * Deals the entries of a flat vector to threads: whole matrices by the work they are, and what lies
 * between them evenly. Depends on nothing but its arguments; every entry is dealt once.
 *
 * @param parts what each thread updates
 */
record UpdatePlan(List<Part> parts) {
  /** The entries from one, inclusive, to another, exclusive. */
  record Range(long from, long to) {
    long length() {
      return to - from;
    }
  }

  /** One thread's ranges of entries that are no matrices' and its matrices. */
  record Part(List<Range> ranges, List<ParameterMatrix> matrices) {}

  /**
   * Deals a vector.
   *
   * @param count the vector's length
   * @param matrices its matrices, in order and apart
   */
  static UpdatePlan of(long count, List<ParameterMatrix> matrices, int threads) {
    List<Range> rest = between(count, matrices);
    long length = rest.stream().mapToLong(Range::length).sum();
    List<List<ParameterMatrix>> dealt = dealt(matrices, threads);
    List<Part> parts = new ArrayList<>(threads);
    for (int i = 0; i < threads; i++) {
      parts.add(
          new Part(
              cut(rest, length * i / threads, length * (i + 1) / threads),
              List.copyOf(dealt.get(i))));
    }
    return new UpdatePlan(List.copyOf(parts));
  }

  /** The ranges that are no matrix's. */
  private static List<Range> between(long count, List<ParameterMatrix> matrices) {
    List<Range> ranges = new ArrayList<>();
    long from = 0;
    for (ParameterMatrix matrix : matrices) {
      if (matrix.offset() > from) {
        ranges.add(new Range(from, matrix.offset()));
      }
      from = matrix.end();
    }
    if (count > from) {
      ranges.add(new Range(from, count));
    }
    return ranges;
  }

  /** Cuts a piece out of ranges that are thought to lie one after the other. */
  private static List<Range> cut(List<Range> ranges, long from, long to) {
    List<Range> pieces = new ArrayList<>();
    long before = 0;
    for (Range range : ranges) {
      long start = Math.max(range.from(), range.from() + from - before);
      long end = Math.min(range.to(), range.from() + to - before);
      if (start < end) {
        pieces.add(new Range(start, end));
      }
      before += range.length();
    }
    return List.copyOf(pieces);
  }

  /** Gives the matrices, the costliest first, each to the thread with the least work so far. */
  private static List<List<ParameterMatrix>> dealt(List<ParameterMatrix> matrices, int threads) {
    List<List<ParameterMatrix>> dealt = new ArrayList<>(threads);
    for (int i = 0; i < threads; i++) {
      dealt.add(new ArrayList<>());
    }
    double[] work = new double[threads];
    for (ParameterMatrix matrix :
        matrices.stream()
            .sorted(Comparator.comparingDouble(UpdatePlan::cost).reversed())
            .toList()) {
      int least = 0;
      for (int i = 1; i < threads; i++) {
        if (work[i] < work[least]) {
          least = i;
        }
      }
      dealt.get(least).add(matrix);
      work[least] += cost(matrix);
    }
    return dealt;
  }

  private static double cost(ParameterMatrix matrix) {
    return NewtonSchulz.cost(matrix.fanIn(), matrix.fanOut());
  }
}
