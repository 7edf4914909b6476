package org.md4j.zeroshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.md4j.core.Checks;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.likelihood.Proportion;
import org.md4j.likelihood.SampleMean;
import org.md4j.objective.ElboTerms;
import org.md4j.objective.Objective;
import org.md4j.process.AntitheticTimes;
import org.md4j.process.NoisedBatch;

/**
 * Answers questions by likelihood: the ending whose text, with the context before it, costs the
 * least is chosen.
 *
 * <pre>
 *   cost of an ending = mean over draws of the bound of [end of text, context, ending], in nats
 * </pre>
 *
 * <p>The endings of a question share their draws: the same levels, spread evenly over the draws,
 * and the same numbers choose the masks, so that what the context costs mostly cancels. The lead of
 * the chosen ending over the next is therefore a paired difference, with an error over draws that
 * is smaller than that of the costs. An autoregressive model's cost has no noise, and one draw is
 * enough.
 *
 * <p>Of a context that is too long the last tokens are kept, as many for each ending. Which numbers
 * a question draws depends on the seed and its number alone. Used from one thread.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, the evaluation on HellaSwag with 32 draws.
 *
 * <p>Deviation: rows are not padded to the network's length, and draws of a question are paired.
 *
 * @param denoiser a network without classes; its answers are overwritten
 * @param objective by whose bound the cost is measured
 * @param tokenizer of the model
 * @param length N, the longest row
 * @param draws levels and masks of an ending, at least 1
 * @param random the seed
 */
public record MultipleChoice(
    Denoiser denoiser,
    Objective objective,
    Tokenizer tokenizer,
    int length,
    int draws,
    CounterRandom random) {
  private static final int ROWS_PER_CALL = 64;

  /** The draws the paper takes. */
  public static final int USUAL_DRAWS = 32;

  /** Checks the counts. */
  public MultipleChoice {
    Checks.atLeastOne("length", length);
    Checks.atLeastOne("draws", draws);
  }

  /**
   * The choice of an ending.
   *
   * @param costs of each ending, nats
   * @param chosen number of the cheapest ending, the first on ties
   * @param lead how much more the next ending costs, nats, over draws; its error is not a number
   *     for one draw
   */
  public record Choice(double[] costs, int chosen, SampleMean lead) {}

  /** Counts the questions that are answered right; their numbers are 0, 1 and so on. */
  public Proportion right(List<ChoiceQuestion> questions) {
    long right =
        IntStream.range(0, questions.size())
            .filter(i -> answer(questions.get(i), i).chosen() == questions.get(i).answer())
            .count();
    return new Proportion(right, questions.size());
  }

  /**
   * Checks that a question fits, without the network.
   *
   * @throws DataException if an ending alone is longer than a row
   */
  public void requireFits(ChoiceQuestion question) {
    rows(question);
  }

  /**
   * Answers a question.
   *
   * @param number of the question, which decides its draws together with the seed
   * @throws DataException if an ending alone is longer than a row
   */
  public Choice answer(ChoiceQuestion question, long number) {
    double[][] nats =
        rows(question).stream().map(row -> nats(row, number)).toArray(double[][]::new);
    double[] costs =
        Arrays.stream(nats).mapToDouble(ending -> SampleMean.of(ending).mean()).toArray();
    int chosen = cheapest(costs, -1);
    double[] best = nats[chosen];
    double[] next = nats[cheapest(costs, chosen)];
    double[] leads = new double[draws];
    Arrays.setAll(leads, d -> next[d] - best[d]);
    return new Choice(
        costs, chosen, new SampleMean(SampleMean.of(leads).mean(), error(leads, number), draws));
  }

  /** The error of a mean over draws whose levels are spread evenly. */
  private double error(double[] values, long number) {
    double[] levels = levels(number);
    int[] ascending =
        IntStream.range(0, draws)
            .boxed()
            .sorted(Comparator.comparingDouble(d -> levels[d]))
            .mapToInt(Integer::intValue)
            .toArray();
    double sum = 0;
    for (int d = 0; d + 1 < draws; d++) {
      double step = values[ascending[d + 1]] - values[ascending[d]];
      sum += step * step;
    }
    return Math.sqrt(sum / (2.0 * draws * (draws - 1)));
  }

  /** The levels of a question's draws, the same for each ending. */
  private double[] levels(long number) {
    double shift = random.uniforms(Purpose.LIKELIHOOD_LEVEL, 0).at(number, 0);
    return AntitheticTimes.sample(draws, (example, index) -> shift);
  }

  private static int cheapest(double[] costs, int except) {
    int best = -1;
    for (int i = 0; i < costs.length; i++) {
      if (i != except && (best < 0 || costs[i] < costs[best])) {
        best = i;
      }
    }
    return best;
  }

  /** The tokens of the context with each ending. */
  private List<int[]> rows(ChoiceQuestion question) {
    int[] context = tokenizer.encode(question.context().strip());
    int[] given =
        tokenizer.endOfText().isEmpty()
            ? context
            : IntStream.concat(
                    IntStream.of(tokenizer.endOfText().getAsInt()), Arrays.stream(context))
                .toArray();
    List<int[]> endings = new ArrayList<>();
    for (String ending : question.endings()) {
      endings.add(tokenizer.encode(" " + ending.strip()));
    }
    int longest = endings.stream().mapToInt(ending -> ending.length).max().orElseThrow();
    if (longest >= length) {
      throw new DataException(
          "ending must be shorter than a row of %d tokens, got %d after: %s"
              .formatted(length, longest, question.context()));
    }
    int kept = Math.min(given.length, length - longest);
    int[] last = Arrays.copyOfRange(given, given.length - kept, given.length);
    return endings.stream()
        .map(ending -> IntStream.concat(Arrays.stream(last), Arrays.stream(ending)).toArray())
        .toList();
  }

  /** The bound of a row, of each draw. */
  private double[] nats(int[] row, long number) {
    int[][] same = new int[draws][];
    Arrays.fill(same, row);
    Rows clean =
        Rows.of(TokenBatch.of(tokenizer.vocabulary(), same)).withFirstExample(number * draws);
    NoisedBatch batch =
        objective.noise(clean, levels(number), random.uniforms(Purpose.LIKELIHOOD_MASK, 0));
    double[] nats = new double[draws];
    for (int from = 0; from < draws; from += ROWS_PER_CALL) {
      int to = Math.min(draws, from + ROWS_PER_CALL);
      List<ElboTerms> terms = objective.estimate(batch.part(from, to), denoiser);
      for (int d = from; d < to; d++) {
        nats[d] = terms.get(d - from).total();
      }
    }
    return nats;
  }
}
