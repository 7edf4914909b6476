package org.md4j.process;

import java.util.Arrays;
import org.md4j.core.Checks;
import org.md4j.core.Uniforms;

/**
 * Independent times: row b has {@code uniforms.at(b, 0)}.
 *
 * <p>Source: the reference code with antithetic sampling off (google-deepmind/md4, commit b9fbf29).
 */
public record UniformTimes() implements TimeSampler {
  @Override
  public double[] sample(int batchSize, Uniforms uniforms) {
    double[] times = new double[Checks.atLeastOne("batchSize", batchSize)];
    Arrays.setAll(times, b -> uniforms.at(b, 0));
    return times;
  }
}
