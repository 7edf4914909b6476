package org.md4j.examples;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.md4j.contract.DenoiserContract;
import org.md4j.contract.MaskingScheduleContract;
import org.md4j.contract.ObjectiveContract;
import org.md4j.contract.ReverseSamplerContract;
import org.md4j.core.Denoiser;
import org.md4j.core.Vocabulary;
import org.md4j.data.Tokenizer;
import org.md4j.models.contract.TokenizerContract;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.TokenwiseObjective;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.ReverseSampler;
import org.md4j.schedule.MaskingSchedule;

/** The parts that the examples write themselves keep the promises of ours, by the same tests. */
class OwnPartsTest {
  @Nested
  class Schedule extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return new OwnSchedule(1.5);
    }
  }

  @Nested
  class Pairs extends DenoiserContract {
    @Override
    protected Denoiser denoiser() {
      return OwnDenoiser.pairs(vocabulary(), 0, 1, 2, 0, 2, 2, 1);
    }

    @Override
    protected Vocabulary vocabulary() {
      return new Vocabulary(3);
    }

    @Override
    protected int length() {
      return 5;
    }
  }

  @Nested
  class Blocks extends ReverseSamplerContract {
    @Override
    protected Stream<ReverseSampler> samplers() {
      Decoding decoding = Decoding.of(MaskingSchedule.linear());
      return Stream.of(new OwnSampler(decoding, 1), new OwnSampler(decoding, 3));
    }
  }

  @Nested
  class SmoothedLabels extends ObjectiveContract {
    @Override
    protected TokenwiseObjective objective() {
      return new OwnObjective(new ContinuousTimeElbo(MaskingSchedule.reference()), 0.1);
    }
  }

  @Nested
  class Letters extends TokenizerContract {
    @Override
    protected Tokenizer tokenizer() {
      return new OwnTokenizer("ACGT");
    }

    @Override
    protected List<String> texts() {
      return List.of("GATTACA", "T");
    }

    @Override
    protected Map<String, Integer> unknown() {
      return Map.of("GAXTACA", 2, "acgt", 0);
    }
  }
}
