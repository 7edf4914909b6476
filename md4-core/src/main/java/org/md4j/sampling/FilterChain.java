package org.md4j.sampling;

/** Two filters, one after the other. */
record FilterChain(LogitFilter first, LogitFilter second) implements LogitFilter {
  @Override
  public void apply(double[] logits, int size) {
    first.apply(logits, size);
    second.apply(logits, size);
  }
}
