package org.md4j.cli.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.md4j.cli.run.RunKind;
import org.md4j.core.RowSource;
import org.md4j.data.TokenSequence;
import org.md4j.data.image.ImageShape;
import org.md4j.likelihood.SampleMean;
import org.md4j.quality.ImageCodeCost;
import org.md4j.quality.NgramModel;

/**
 * What all held-out rows cost without a network.
 *
 * @param name of the code or model
 * @param bitsPerToken mean over rows
 * @param standardError of it
 * @param rows measured
 */
public record BaselineResult(String name, double bitsPerToken, double standardError, long rows) {
  /** The tokens that n-grams of words are counted in, at most; each may take 170 bytes. */
  static final int MOST_WORDS = 10_000_000;

  /** Measures all codes of pictures, on the same pictures. */
  public static List<BaselineResult> of(RowSource training, RowSource heldOut, ImageShape shape) {
    return ImageCodeCost.ofAll(training, heldOut, shape).stream()
        .map(cost -> of(cost.code(), cost.bitsPerDimension()))
        .toList();
  }

  /**
   * Measures models of n-grams, a unigram among them, on all held-out rows, each by itself.
   *
   * @param training what they are counted in: of words the first {@value #MOST_WORDS}, of
   *     characters as many as can be counted
   */
  public static List<BaselineResult> of(TokenSequence training, RowSource heldOut, RunKind kind) {
    boolean words = kind == RunKind.WORDS;
    int most = words ? MOST_WORDS : Integer.MAX_VALUE;
    TokenSequence counted = training.part(0, Math.min(training.length(), most));
    List<BaselineResult> results = new ArrayList<>();
    for (int order : new int[] {1, words ? NgramModel.WORDS : NgramModel.CHARACTERS}) {
      results.add(of(order + "-grams", NgramModel.of(counted, order).bitsPerToken(heldOut)));
    }
    return results;
  }

  private static BaselineResult of(String name, SampleMean bits) {
    return new BaselineResult(name, bits.mean(), bits.standardError(), bits.size());
  }

  /** As JSON has it. */
  Map<String, Object> fields(RunKind kind) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put(kind.bitsField(), bitsPerToken);
    fields.put("standard_error", standardError);
    fields.put(kind.rows(), rows);
    return fields;
  }
}
