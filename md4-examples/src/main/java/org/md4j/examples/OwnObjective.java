package org.md4j.examples;

import java.nio.file.Path;
import java.util.Arrays;
import org.md4j.data.TokenSplits;
import org.md4j.data.text.TextFile;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Training;
import org.md4j.likelihood.LikelihoodEstimate;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.objective.ElboVariant;
import org.md4j.objective.HostCost;
import org.md4j.objective.LogitWorkspace;
import org.md4j.objective.TokenCost;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.train.TrainerConfig;

/**
 * Trains on a loss of your own: cross-entropy with smoothed labels, under the weights of a bound.
 *
 * <p>You learn that a cost and its gradient make an objective. Run it by {@code mvn -q compile
 * exec:java -pl md4-examples -Dexample=OwnObjective -Dexec.args=novel.txt}
 *
 * @param bound whose noise and weights it has
 * @param smoothing share of a label that is spread evenly over all tokens, in [0, 1)
 */
public record OwnObjective(Elbo bound, double smoothing) implements ElboVariant {
  /** Trains on a text and prints the loss on held-out text. */
  public static void main(String[] args) {
    var loss = train(TextFile.read(Path.of(args[0])).split(), 64, 300);
    System.out.println(loss.bitsPerToken());
  }

  static LikelihoodEstimate train(TokenSplits text, int length, int steps) {
    var network = TransformerConfig.builder(27, length).layers(2).heads(2).headSize(16).build();
    var own = new OwnObjective(new ContinuousTimeElbo(MaskingSchedule.reference()), 0.1);
    var training = Training.builder(TrainerConfig.builder(steps, 16, 3e-3).build()).objective(own);
    try (var model = MaskedDiffusion.train(text, network, training.build())) {
      return model.likelihood(text.test().chunks(length)).toStandardError(0.05);
    }
  }

  @Override
  public TokenCost cost(LogitWorkspace workspace) {
    return new HostCost(
        (logits, target, gradient) -> {
          double sum = Arrays.stream(logits).map(Math::exp).sum();
          double nats = 0;
          for (int v = 0; v < logits.length; v++) {
            double label = smoothing / logits.length + (v == target ? 1 - smoothing : 0);
            nats -= label * (logits[v] - Math.log(sum));
            gradient[v] = Math.exp(logits[v]) / sum - label;
          }
          return nats;
        });
  }
}
