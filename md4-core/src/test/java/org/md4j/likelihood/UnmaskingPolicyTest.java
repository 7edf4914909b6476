package org.md4j.likelihood;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.md4j.contract.UnmaskingPolicyContract;
import org.md4j.sampling.RevealOrder;

class UnmaskingPolicyTest extends UnmaskingPolicyContract {
  @Override
  protected Stream<UnmaskingPolicy> policies() {
    return IntStream.of(1, 3, 100)
        .boxed()
        .flatMap(
            tokens ->
                Stream.concat(
                    Stream.of(RevealOrder.values()).map(order -> UnmaskingPolicy.of(order, tokens)),
                    Stream.of(UnmaskingPolicy.leftToRight(tokens))));
  }
}
