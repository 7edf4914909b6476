package org.md4j.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.likelihood.RowGroups;
import org.md4j.model.ReplicaPool;
import org.md4j.objective.ElboTerms;
import org.md4j.objective.Objective;
import org.md4j.process.AntitheticTimes;
import org.md4j.process.NoisedBatch;

/**
 * Estimates the negative ELBO of a data set's first rows: one time and one mask sample a row, the
 * same ones at every evaluation, so that two evaluations differ by the network alone.
 *
 * <p>Rows of labelled data are evaluated under their own labels.
 *
 * <p>Rows come in groups of {@value #GROUP} with times spread evenly over the group. Group means
 * are independent, which rows are not; the standard error is theirs. A group is one replica's, so
 * the result depends on the number of replicas by rounding alone.
 *
 * <p>Deviation: the reference code (b9fbf29) drops an incomplete last batch; here every row counts.
 */
final class Evaluator {
  private static final int GROUP = 16;

  private final RowSource data;
  private final RowGroups groups;
  private final int rowsPerCall;
  private final CounterRandom random;

  /**
   * Makes an evaluator on a data set.
   *
   * @param rowLimit rows to use; 0 for all
   * @param rowsPerCall rows given to a replica at a time, at most
   */
  Evaluator(RowSource data, int rowLimit, int rowsPerCall, CounterRandom random) {
    this.data = data;
    int rows = (int) Math.min(data.size(), rowLimit == 0 ? Integer.MAX_VALUE : rowLimit);
    this.groups = new RowGroups(rows, GROUP);
    this.rowsPerCall = rowsPerCall;
    this.random = random;
  }

  /**
   * Evaluates a network.
   *
   * @param objective the bound
   * @param replicas one per thread of the pool
   * @param step number of the step, for the report
   */
  EvaluationReport evaluate(
      Objective objective, ReplicaPool pool, List<? extends Denoiser> replicas, int step) {
    long start = System.nanoTime();
    ElboTerms[] means = new ElboTerms[Math.toIntExact(groups.count())];
    pool.run(
        r -> {
          for (int group = r; group < means.length; group += pool.size()) {
            means[group] = evaluateGroup(objective, group, replicas.get(r));
          }
        });
    return report(means, step, start);
  }

  private ElboTerms evaluateGroup(Objective objective, int group, Denoiser denoiser) {
    int from = group * GROUP;
    int count = groups.rowsOf(group);
    long[] indices = LongStream.range(from, from + count).toArray();
    NoisedBatch batch =
        objective.noise(
            data.rows(indices).withFirstExample(from),
            AntitheticTimes.sample(count, random.uniforms(Purpose.EVALUATION_TIME, group)),
            random.uniforms(Purpose.EVALUATION_MASK, 0));
    List<ElboTerms> terms = new ArrayList<>(count);
    for (int row = 0; row < count; row += rowsPerCall) {
      int end = Math.min(count, row + rowsPerCall);
      terms.addAll(objective.estimate(batch.part(row, end), denoiser));
    }
    return ElboTerms.mean(terms);
  }

  private EvaluationReport report(ElboTerms[] means, int step, long start) {
    ElboTerms mean =
        new ElboTerms(
            groups.mean(each(means, ElboTerms::diffusion)),
            groups.mean(each(means, ElboTerms::reconstruction)),
            groups.mean(each(means, ElboTerms::prior)));
    double standardErrorNats = groups.standardError(each(means, ElboTerms::total), mean.total());
    return new EvaluationReport(
        step,
        mean.bitsPerToken(data.length()),
        standardErrorNats / (data.length() * Math.log(2)),
        mean,
        groups.rows(),
        (System.nanoTime() - start) * 1e-9);
  }

  private static double[] each(ElboTerms[] means, ToDoubleFunction<ElboTerms> term) {
    return Arrays.stream(means).mapToDouble(term).toArray();
  }
}
