package org.md4j.zeroshot;

import java.util.List;
import java.util.Map;

/**
 * The zero-shot perplexities of a model trained on OpenWebText, as the paper of MD4 reports them:
 * GPT-2's tokens, contexts of 1,024. To be printed beside a measurement, not compared with one of
 * another tokenizer or context.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, table 2. Those of GPT-2 are of checkpoints trained on
 * WebText; all of diffusion models are upper bounds.
 *
 * @param model its name and size
 * @param perplexities of a token, by set
 */
public record PublishedPerplexity(String model, Map<EvaluationSet, Double> perplexities) {
  /** Every row of the table that a run may be held against. */
  public static final List<PublishedPerplexity> ALL =
      List.of(
          of("GPT-2 small", 45.04, 42.43, 138.43, 41.60, 75.20),
          of("SEDD small", 50.92, 41.84, 114.24, 40.62, 79.29),
          of("MD4 small", 48.43, 34.94, 102.26, 35.90, 68.10),
          of("GPT-2 medium", 35.66, 31.80, 123.14, 31.39, 55.72),
          of("SEDD medium", 42.77, 31.04, 87.12, 29.98, 61.19),
          of("MD4 medium", 44.12, 25.84, 66.07, 25.84, 51.45));

  /** Copies the numbers. */
  public PublishedPerplexity {
    perplexities = Map.copyOf(perplexities);
  }

  private static PublishedPerplexity of(
      String model, double lambada, double wikiText2, double ptb, double wikiText103, double news) {
    return new PublishedPerplexity(
        model,
        Map.of(
            EvaluationSet.LAMBADA, lambada,
            EvaluationSet.WIKITEXT2, wikiText2,
            EvaluationSet.PENN_TREEBANK, ptb,
            EvaluationSet.WIKITEXT103, wikiText103,
            EvaluationSet.ONE_BILLION_WORDS, news));
  }
}
