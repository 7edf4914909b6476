package org.md4j.objective;

import org.junit.jupiter.api.Nested;
import org.md4j.contract.ObjectiveContract;
import org.md4j.schedule.MaskingSchedule;

/** Holds every objective that sums over positions to the published contract. */
class ObjectiveLawsTest {
  private static final MaskingSchedule SCHEDULE = MaskingSchedule.cosine().clipped(1e-3);

  @Nested
  class ContinuousTime extends ObjectiveContract {
    @Override
    protected TokenwiseObjective objective() {
      return new ContinuousTimeElbo(SCHEDULE);
    }
  }

  @Nested
  class DiscreteTime extends ObjectiveContract {
    @Override
    protected TokenwiseObjective objective() {
      return new DiscreteTimeElbo(SCHEDULE, 10);
    }
  }

  @Nested
  class LogSnr extends ObjectiveContract {
    @Override
    protected TokenwiseObjective objective() {
      return new LogSnrElbo(SCHEDULE);
    }
  }

  @Nested
  class MaskCount extends ObjectiveContract {
    @Override
    protected TokenwiseObjective objective() {
      return new MaskCountElbo(SCHEDULE);
    }
  }

  @Nested
  class Sedd extends ObjectiveContract {
    @Override
    protected TokenwiseObjective objective() {
      return ScoreEntropyElbo.reference();
    }
  }

  @Nested
  class D3pm extends ObjectiveContract {
    @Override
    protected TokenwiseObjective objective() {
      return new HybridElbo(new DiscreteTimeElbo(SCHEDULE, 10), 0.5);
    }
  }

  @Nested
  class Autoregressive extends ObjectiveContract {
    @Override
    protected TokenwiseObjective objective() {
      return new AutoregressiveLikelihood();
    }
  }
}
