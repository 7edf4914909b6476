package org.md4j.quality;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.data.Tokenizer;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.objective.MaskedCrossEntropy;

/**
 * Judges texts by an autoregressive model of this library.
 *
 * @param name in reports
 * @param model trained from left to right ({@link org.md4j.diffusion.Model#AR}), with a tokenizer;
 *     closed with the judge
 */
public record ModelJudge(String name, MaskedDiffusion model) implements TextJudge {
  /** Rejects a model that is not autoregressive or reads no text. */
  public ModelJudge {
    if (!model.fit().isExact() || model.tokenizer().isEmpty()) {
      throw new IllegalArgumentException(
          "model (%s) must be autoregressive and have a tokenizer".formatted(name));
    }
  }

  @Override
  public Judgement judge(List<String> parts) {
    Tokenizer tokenizer = model.tokenizer().orElseThrow();
    MaskedCrossEntropy crossEntropy = new MaskedCrossEntropy();
    int length = model.network().length();
    double nats = 0;
    int judged = 0;
    for (int[] piece : JudgedPieces.of(tokenizer, parts, length)) {
      DenoiserInput question =
          new DenoiserInput(
              Rows.of(TokenBatch.of(tokenizer.vocabulary(), piece)),
              new double[1],
              IntStream.range(1, piece.length).toArray());
      nats +=
          Arrays.stream(
                  crossEntropy.nats(
                      model.denoiser(), question, Arrays.copyOfRange(piece, 1, piece.length)))
              .sum();
      judged += piece.length - 1;
    }
    return new Judgement(nats, judged);
  }

  @Override
  public void close() {
    model.close();
  }
}
