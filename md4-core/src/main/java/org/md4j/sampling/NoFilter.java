package org.md4j.sampling;

/** The filter that changes nothing, known by identity so that its pass can be left out. */
enum NoFilter implements LogitFilter {
  NONE;

  @Override
  public void apply(double[] logits, int size) {}
}
