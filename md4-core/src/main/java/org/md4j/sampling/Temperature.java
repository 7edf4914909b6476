package org.md4j.sampling;

/** {@code logit / temperature}. */
record Temperature(double temperature) implements LogitFilter {
  Temperature {
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "temperature (" + temperature + ") must be positive and finite");
    }
  }

  @Override
  public void apply(double[] logits, int size) {
    for (int v = 0; v < size; v++) {
      logits[v] /= temperature;
    }
  }
}
