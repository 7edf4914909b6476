package org.md4j.likelihood;

import java.util.Arrays;
import java.util.List;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Permutation;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Uniforms;
import org.md4j.objective.ElboTerms;
import org.md4j.process.AntitheticTimes;
import org.md4j.process.NoisedBatch;

/**
 * Makes the observations of a protocol. Which rows, levels and masks observation i has is a
 * function of the seed and i alone.
 *
 * <p>Rows in their random order are cut into groups; a pass goes through all groups, the last of
 * which may be smaller; observation i is group {@code i mod groups} in pass {@code i / groups}.
 * Passes have the same groups and different levels and masks.
 */
final class GroupSampler {
  private final RowSource rows;
  private final LikelihoodProtocol protocol;
  private final CounterRandom random;
  private final Permutation order;
  private final RowGroups groups;

  /** Makes an endless sequence of observations. */
  GroupSampler(RowSource rows, LikelihoodProtocol protocol, CounterRandom random) {
    this.rows = rows;
    this.protocol = protocol;
    this.random = random;
    this.order = new Permutation(rows.size(), random.uniforms(Purpose.ROW_ORDER, 0));
    this.groups = new RowGroups(rows.size(), protocol.rowsTogether());
    if (groups() < 2) {
      throw new IllegalArgumentException(
          "rows ("
              + rows.size()
              + ") must fill at least two groups of rowsTogether ("
              + protocol.rowsTogether()
              + "), or there is no standard error; take a longer text or fewer rows together");
    }
  }

  /** The number of groups in a pass. */
  long groups() {
    return groups.count();
  }

  /** The number of rows of a group, fewer in the last. */
  int rowsOf(long group) {
    return groups.rowsOf(group);
  }

  /**
   * Returns the number of observations that a number of evaluations pays for.
   *
   * @throws IllegalArgumentException if fewer than 2
   */
  long observations(long evaluations) {
    long pass = rows.size() * protocol.drawsPerRow();
    long observations =
        evaluations / pass * groups() + evaluations % pass / protocol.evaluationsPerGroup();
    if (observations < 2) {
      throw new IllegalArgumentException(
          "evaluations ("
              + evaluations
              + ") must pay for at least two groups, "
              + 2 * protocol.evaluationsPerGroup()
              + " evaluations, or there is no standard error");
    }
    return observations;
  }

  /** Returns the number of evaluations that observations cost. */
  long evaluations(long observations) {
    return observations / groups() * rows.size() * protocol.drawsPerRow()
        + observations % groups() * protocol.evaluationsPerGroup();
  }

  /**
   * Adds observations to the means of each denoiser.
   *
   * @param from the first observation: those already in each of the means
   * @param to one after the last
   * @param rowsPerCall rows given to a denoiser at once, at most
   * @param denoisers networks, all of which see the same rows, levels and masks
   * @param means what each of the denoisers has been measured to cost, nats per token
   */
  void observe(
      long from, long to, int rowsPerCall, List<Denoiser> denoisers, List<GroupMeans> means) {
    int groupsTogether = Math.max(1, rowsPerCall / protocol.evaluationsPerGroup());
    long next = from;
    while (next < to) {
      long endOfPass = (next / groups() + 1) * groups();
      int count = (int) Math.min(groupsTogether, Math.min(to, endOfPass) - next);
      long[] indices = indices(next % groups(), count);
      NoisedBatch batch = batch(next / groups(), next % groups(), count, indices);
      for (int i = 0; i < denoisers.size(); i++) {
        double[] nats = natsOfRows(batch, rowsPerCall, denoisers.get(i));
        int row = 0;
        for (long group = next % groups(); group < next % groups() + count; group++) {
          int size = rowsOf(group) * protocol.drawsPerRow();
          double sum = Arrays.stream(nats, row, row + size).sum();
          means.get(i).add(sum / ((double) size * rows.length()));
          row += size;
        }
      }
      next += count;
    }
  }

  /** Makes an estimate of the means of this sampler's observations. */
  LikelihoodEstimate estimate(GroupMeans means) {
    return new LikelihoodEstimate(
        means.mean(),
        means.standardError(),
        means.groups(),
        means.rows(),
        evaluations(means.observations()),
        rows.length(),
        protocol,
        random.seed());
  }

  /** Estimates the bound of every row of a batch, nats of a row. */
  private double[] natsOfRows(NoisedBatch batch, int rowsPerCall, Denoiser denoiser) {
    double[] nats = new double[batch.clean().count()];
    for (int from = 0; from < nats.length; from += rowsPerCall) {
      int to = Math.min(nats.length, from + rowsPerCall);
      List<ElboTerms> terms = protocol.objective().estimate(batch.part(from, to), denoiser);
      for (int b = from; b < to; b++) {
        nats[b] = terms.get(b - from).total();
        if (!Double.isFinite(nats[b])) {
          throw new IllegalStateException(
              "bound of a row ("
                  + nats[b]
                  + " nats) must be finite; has training diverged, or is the schedule not clipped?");
        }
      }
    }
    return nats;
  }

  /** Returns the rows of groups of a pass, one after another. */
  private long[] indices(long firstGroup, int count) {
    long firstRow = firstGroup * protocol.rowsTogether();
    long endRow = (firstGroup + count - 1) * protocol.rowsTogether();
    long[] indices = new long[(int) (endRow - firstRow) + rowsOf(firstGroup + count - 1)];
    Arrays.setAll(indices, r -> order.at(firstRow + r));
    return indices;
  }

  /**
   * Makes the batch of groups of a pass, one after another, in each the draws of a row beside each
   * other.
   */
  private NoisedBatch batch(long pass, long firstGroup, int count, long[] indices) {
    int draws = protocol.drawsPerRow();
    int size = indices.length;
    Uniforms shifts = random.uniforms(Purpose.LIKELIHOOD_LEVEL, pass);
    double[] levels = new double[size * draws];
    int next = 0;
    for (long group = firstGroup; group < firstGroup + count; group++) {
      int together = rowsOf(group);
      double shift = shifts.at(group, 0);
      double[] spread = AntitheticTimes.sample(together * draws, (example, index) -> shift);
      for (int r = 0; r < together; r++) {
        for (int d = 0; d < draws; d++) {
          levels[next++] = spread[d * together + r];
        }
      }
    }
    return protocol
        .objective()
        .noise(
            rows.rows(indices)
                .repeated(draws)
                .withFirstExample(firstGroup * protocol.rowsTogether() * draws),
            levels,
            random.uniforms(Purpose.LIKELIHOOD_MASK, pass));
  }
}
