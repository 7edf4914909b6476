package org.md4j.likelihood;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.md4j.core.CounterRandom;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.ToldTime;

/**
 * Texts or other rows with blanks filled in, the likeliest first: by what the filled tokens cost
 * given the rest, {@link InfillLikelihood}, in bits a blank. Rows may have different numbers of
 * blanks, so that it also says how many fit best.
 *
 * <p>Every row is measured with the same numbers, so rows that started alike share their masks and
 * differ by what was filled in alone, and the order does not depend on the order they came in but
 * for ties, which keep it.
 *
 * @param rows with their costs, ascending
 */
public record InfillRanking(List<Ranked> rows) {
  /** Copies the list. */
  public InfillRanking {
    rows = List.copyOf(rows);
  }

  /**
   * A row and what was filled in costs.
   *
   * @param row with at least one blank at its start
   * @param bitsPerBlank mean cost of its filled tokens
   */
  public record Ranked(DrawnRow row, double bitsPerBlank) {
    /** The number of blanks it had. */
    public int blanks(Vocabulary vocabulary) {
      return (int) Arrays.stream(row.start()).filter(token -> token == vocabulary.maskId()).count();
    }
  }

  /**
   * Ranks rows.
   *
   * @param likelihood the network, its schedule, and how many draws a row gets
   * @param vocabulary of the rows
   * @param drawn rows that a sampler filled in, of any lengths
   * @param random the seed
   */
  public static InfillRanking of(
      InfillLikelihood likelihood,
      Vocabulary vocabulary,
      List<DrawnRow> drawn,
      CounterRandom random) {
    List<Ranked> ranked = new ArrayList<>();
    for (DrawnRow row : drawn) {
      double[] bits =
          likelihood.bitsPerBlank(
              Rows.of(TokenBatch.of(vocabulary, row.tokens())),
              TokenBatch.of(vocabulary, row.start()),
              ToldTime.OF_VISIBLE_TOKENS,
              random);
      ranked.add(new Ranked(row, bits[0]));
    }
    ranked.sort(Comparator.comparingDouble(Ranked::bitsPerBlank));
    return new InfillRanking(ranked);
  }
}
