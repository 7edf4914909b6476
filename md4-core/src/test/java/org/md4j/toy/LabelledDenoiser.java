package org.md4j.toy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.TokenBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A predictor with classes: each row is answered by the predictor of its label. */
public record LabelledDenoiser(List<Denoiser> byLabel) implements Denoiser {
  /** Predictors of the labels 0, 1 and so on. */
  public static LabelledDenoiser of(Denoiser... byLabel) {
    return new LabelledDenoiser(List.of(byLabel));
  }

  @Override
  public INDArray logits(DenoiserInput input) {
    int length = input.tokens().length();
    double[][] logits = new double[input.positions().length][];
    for (int label = 0; label < byLabel.size(); label++) {
      int wanted = label;
      int[] rows =
          IntStream.range(0, input.labels().length)
              .filter(row -> input.labels()[row] == wanted)
              .toArray();
      int[] from = new int[input.labels().length];
      for (int i = 0; i < rows.length; i++) {
        from[rows[i]] = i;
      }
      int[] asked =
          IntStream.range(0, logits.length)
              .filter(i -> input.labels()[input.positions()[i] / length] == wanted)
              .toArray();
      if (asked.length > 0) {
        int[][] tokens = IntStream.of(rows).mapToObj(input.tokens()::row).toArray(int[][]::new);
        double[] times = IntStream.of(rows).mapToDouble(row -> input.times()[row]).toArray();
        int[] positions =
            IntStream.of(asked)
                .map(i -> input.positions()[i])
                .map(position -> from[position / length] * length + position % length)
                .toArray();
        TokenBatch batch = TokenBatch.of(input.tokens().vocabulary(), tokens);
        double[] answer =
            HostLogits.flat(byLabel.get(label).logits(new DenoiserInput(batch, times, positions)));
        int size = answer.length / asked.length;
        for (int i = 0; i < asked.length; i++) {
          logits[asked[i]] = Arrays.copyOfRange(answer, i * size, (i + 1) * size);
        }
      }
    }
    return Nd4j.createFromArray(logits);
  }
}
