package org.md4j.train;

/** AdamW as the paper writes it, in double and one number at a time. */
final class PlainAdamW {
  private final double[] parameters;
  private final double[] mean;
  private final double[] meanSquare;
  private int step;

  PlainAdamW(double[] parameters) {
    this.parameters = parameters.clone();
    mean = new double[parameters.length];
    meanSquare = new double[parameters.length];
  }

  double[] step(
      double[] gradient,
      double rate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay) {
    step++;
    for (int i = 0; i < parameters.length; i++) {
      mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
      meanSquare[i] = beta2 * meanSquare[i] + (1 - beta2) * gradient[i] * gradient[i];
      double unbiasedMean = mean[i] / (1 - Math.pow(beta1, step));
      double unbiasedMeanSquare = meanSquare[i] / (1 - Math.pow(beta2, step));
      parameters[i] -=
          rate
              * (unbiasedMean / (Math.sqrt(unbiasedMeanSquare) + epsilon)
                  + weightDecay * parameters[i]);
    }
    return parameters.clone();
  }
}
