package org.md4j.likelihood;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.md4j.contract.UnmaskingPolicyContract;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.FixedOrderSampler;
import org.md4j.sampling.PositionOrder;
import org.md4j.sampling.RevealOrder;
import org.md4j.sampling.TimeGrid;
import org.md4j.schedule.MaskingSchedule;

class UnmaskingPolicyTest extends UnmaskingPolicyContract {
  /** Of the contract's rows. */
  private static final int LENGTH = 12;

  @Override
  protected Stream<UnmaskingPolicy> policies() {
    return IntStream.of(1, 3, 100, Integer.MAX_VALUE)
        .boxed()
        .flatMap(
            tokens ->
                Stream.concat(
                    Stream.of(RevealOrder.values()).map(order -> UnmaskingPolicy.of(order, tokens)),
                    Stream.of(
                        UnmaskingPolicy.leftToRight(tokens),
                        UnmaskingPolicy.of(PositionOrder.dilated(), LENGTH, tokens),
                        UnmaskingPolicy.of(PositionOrder.halton(2, 2, 3), LENGTH, tokens),
                        UnmaskingPolicy.of(
                            new FixedOrderSampler(
                                Decoding.of(MaskingSchedule.cosine().clipped(0.05)),
                                PositionOrder.dilated(),
                                TimeGrid.cosine(Math.min(tokens, 100))),
                            LENGTH))));
  }
}
