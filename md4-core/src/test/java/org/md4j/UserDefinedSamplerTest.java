package org.md4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.md4j.contract.ReverseSamplerContract;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;
import org.md4j.core.TokenBatch;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.LogitFilter;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.SamplingListener;
import org.md4j.sampling.SamplingRequest;
import org.md4j.sampling.SamplingResult;
import org.md4j.sampling.SamplingRun;
import org.md4j.sampling.ToldTime;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.FixedDenoiser;

/** A sampler that a user of the library writes, with what is public: from a package of its own. */
class UserDefinedSamplerTest extends ReverseSamplerContract {
  private static final Decoding DECODING = Decoding.of(MaskingSchedule.linear());

  /** Reveals the blanks of a row one by one, in an order of chance. */
  private record RandomOrder(Decoding decoding) implements ReverseSampler {
    @Override
    public SamplingResult sample(
        Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
      SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
      run.rounds(row -> next(run, row), run::revealDrawn);
      return run.result();
    }

    private static int[] next(SamplingRun run, int row) {
      int[] masked = run.rows().maskedPositions(row);
      if (masked.length == 0) {
        return masked;
      }
      int step = run.step(row) + 1;
      run.moveTo(row, step, (double) masked.length / run.rows().blanks(row));
      double u = run.uniform(Purpose.UNMASK, step, row * run.rows().length());
      return new int[] {masked[(int) (u * masked.length)]};
    }
  }

  @Override
  protected Stream<ReverseSampler> samplers() {
    return Stream.of(
        new RandomOrder(DECODING),
        new RandomOrder(
            DECODING
                .withToldTime(ToldTime.OF_VISIBLE_TOKENS)
                .withFilter(LogitFilter.temperature(0.7))));
  }

  @Test
  void revealsTheTokensTheNetworkIsSureOf() {
    TokenBatch start = TokenBatch.allMasked(vocabulary(), 4, 5);

    SamplingResult result =
        new RandomOrder(DECODING)
            .sample(
                FixedDenoiser.of(1e-12, 1, 1e-12), SamplingRequest.of(start, new CounterRandom(1)));

    assertThat(result.tokens().toFlat()).containsOnly(1);
    assertThat(result.cost().evaluations()).isEqualTo(5);
  }
}
