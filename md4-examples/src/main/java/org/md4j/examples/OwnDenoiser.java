package org.md4j.examples;

import java.util.Arrays;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.HostDenoiser;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.EventDrivenSampler;
import org.md4j.sampling.SamplingRequest;
import org.md4j.sampling.TimeGrid;
import org.md4j.schedule.MaskingSchedule;

/**
 * Draws from a denoiser that is a Java function: pairs of neighbours counted in a row of tokens.
 *
 * <p>You learn that a denoiser answers with logits for each mask it is asked about, and that our
 * samplers draw from any; this one needs md4-core alone, no network and no native code.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Dexample=OwnDenoiser}
 */
public final class OwnDenoiser {
  private OwnDenoiser() {}

  /** Prints a row of the pairs seen in 0 1 2 3 0 1 2 3 and so on. */
  public static void main(String[] args) {
    int[] seen = new int[400];
    Arrays.setAll(seen, n -> n % 4);
    System.out.println(Arrays.toString(draw(pairs(new Vocabulary(4), seen), 4, 40)));
  }

  /** Counts pairs, each once more than it is there, so that nothing is impossible. */
  static Denoiser pairs(Vocabulary vocabulary, int... tokens) {
    int size = vocabulary.size();
    double[][] counts = new double[size][size];
    for (int n = 1; n < tokens.length; n++) {
      counts[tokens[n - 1]][tokens[n]]++;
    }
    return HostDenoiser.of(
        vocabulary,
        (input, row, n, into) -> {
          int before = n == 0 ? size : input.tokens().token(row, n - 1); // size is the mask
          int after = n == input.tokens().length() - 1 ? size : input.tokens().token(row, n + 1);
          for (int v = 0; v < size; v++) {
            into[v] = before == size ? 0 : Math.log1p(counts[before][v]);
            into[v] += after == size ? 0 : Math.log1p(counts[v][after]);
          }
        });
  }

  static int[] draw(Denoiser denoiser, int values, int length) {
    var start = TokenBatch.allMasked(new Vocabulary(values), 1, length);
    var decoding = Decoding.of(MaskingSchedule.linear());
    return EventDrivenSampler.ancestral(decoding, TimeGrid.uniform(64))
        .sample(denoiser, SamplingRequest.of(start, new CounterRandom(0)))
        .tokens()
        .row(0);
  }
}
