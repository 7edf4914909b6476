package org.md4j.examples;

import java.nio.file.Path;
import org.md4j.core.CounterRandom;
import org.md4j.core.RowSource;
import org.md4j.data.text.TextFile;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.likelihood.LikelihoodEstimate;
import org.md4j.likelihood.LikelihoodProtocol;
import org.md4j.likelihood.PairedComparison;

/**
 * Measures how well two models predict a text, and which of them does it better.
 *
 * <p>You learn to ask for a precision instead of a number of samples, to read the interval, and to
 * compare models on the same rows and masks: the error of the difference is then far smaller than
 * the errors of the two numbers.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Dexample=MeasureLikelihood
 * -Dexec.args="runs/first runs/second held-out.txt"}
 */
public final class MeasureLikelihood {
  private MeasureLikelihood() {}

  /** Measures the models of the first two arguments on the text of the third. */
  public static void main(String[] args) {
    try (var first = MaskedDiffusion.load(Path.of(args[0]));
        var second = MaskedDiffusion.load(Path.of(args[1]))) {
      RowSource rows = TextFile.read(Path.of(args[2])).chunks(first.network().length());
      LikelihoodEstimate bits = measure(first, rows, 0.02);
      System.out.printf("%.3f bits, %s%n", bits.bitsPerToken(), bits.confidenceInterval(0.95));
      PairedComparison gain = compare(first, second, rows, 4_096);
      System.out.printf("gain %.3f, %s%n", gain.difference(), gain.confidenceInterval(0.95));
    }
  }

  static LikelihoodEstimate measure(MaskedDiffusion model, RowSource rows, double standardError) {
    return model.likelihood(rows).toStandardError(standardError);
  }

  static PairedComparison compare(
      MaskedDiffusion first, MaskedDiffusion second, RowSource rows, long evaluations) {
    var protocol = LikelihoodProtocol.maskCount(first.fit().commonSchedule(), 4);
    return PairedComparison.of(
        first.denoiser(), second.denoiser(), rows, protocol, new CounterRandom(0), evaluations);
  }
}
