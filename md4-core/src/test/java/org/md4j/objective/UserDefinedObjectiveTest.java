package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.md4j.Tolerance;
import org.md4j.contract.ObjectiveContract;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ToyDenoiser;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Objectives as a user writes them: on the host, and of matrix operations. */
class UserDefinedObjectiveTest {
  private static final Elbo BOUND = new ContinuousTimeElbo(MaskingSchedule.linear().clipped(1e-3));

  /** The focal loss, arXiv 1708.02002, equation (4): what is predicted well counts less. */
  private record FocalElbo(Elbo bound, double gamma) implements ElboVariant {
    @Override
    public TokenCost cost(LogitWorkspace workspace) {
      return new HostCost(
          (logits, target, gradient) -> {
            double sum = Arrays.stream(logits).map(Math::exp).sum();
            double p = Math.exp(logits[target]) / sum;
            double slope = gamma * p * Math.pow(1 - p, gamma - 1) * Math.log(p);
            for (int v = 0; v < logits.length; v++) {
              double mu = Math.exp(logits[v]) / sum;
              gradient[v] = (slope - Math.pow(1 - p, gamma)) * ((v == target ? 1 : 0) - mu);
            }
            return -Math.pow(1 - p, gamma) * Math.log(p);
          });
    }
  }

  /** The cross-entropy with logits divided by a temperature, on the device. */
  private record TemperedElbo(Elbo bound, double temperature) implements ElboVariant {
    @Override
    public TokenCost cost(LogitWorkspace workspace) {
      return new TemperedCost(workspace, temperature);
    }
  }

  private record TemperedCost(LogitWorkspace workspace, double temperature) implements TokenCost {
    @Override
    public double[] natsInPlace(INDArray logits, int[] targets) {
      LogitWorkspace.requireLogits(logits, targets);
      return workspace.softmaxInPlace(logits.divi(temperature), targets);
    }

    @Override
    public double[] natsAndGradientInPlace(INDArray logits, int[] targets, double[] weights) {
      LogitWorkspace.requireWeights(weights, targets);
      double[] nats = natsInPlace(logits, targets);
      workspace.subtractOneHotInPlace(logits, targets);
      workspace.scaleRowsInPlace(
          logits, Arrays.stream(weights).map(weight -> weight / temperature).toArray());
      return nats;
    }
  }

  @Nested
  class Focal extends ObjectiveContract {
    @Override
    protected TokenwiseObjective objective() {
      return new FocalElbo(BOUND, 2);
    }
  }

  @Nested
  class Tempered extends ObjectiveContract {
    @Override
    protected TokenwiseObjective objective() {
      return new TemperedElbo(BOUND, 1.7);
    }
  }

  @Test
  void focalLossWithoutFocusIsTheBound() {
    Vocabulary vocabulary = new Vocabulary(3);
    TokenBatch clean = TokenBatch.of(vocabulary, new int[] {0, 1, 2, 0}, new int[] {2, 2, 1, 0});
    Uniforms masks = new CounterRandom(3).uniforms(Purpose.MASK, 0);
    NoisedBatch batch = BOUND.noise(Rows.of(clean), new double[] {0.4, 0.8}, masks);

    List<ElboTerms> plain = BOUND.estimate(batch, new ToyDenoiser(vocabulary));
    List<ElboTerms> focal = new FocalElbo(BOUND, 0).estimate(batch, new ToyDenoiser(vocabulary));

    for (int b = 0; b < 2; b++) {
      assertThat(focal.get(b).total())
          .isCloseTo(plain.get(b).total(), within(Tolerance.EXACT_DOUBLE));
    }
  }

  @Test
  void scheduleOfAVariantIsThatOfItsBoundAndNothingIsLearned() {
    assertThat(new FocalElbo(BOUND, 2).commonSchedule()).contains(BOUND.schedule());
    assertThat(new FocalElbo(BOUND, 2).learned()).isEmpty();
  }
}
