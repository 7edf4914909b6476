package org.md4j.quality;

/** Codes every value alike, with 8 bits per dimension. */
public record UniformCode() implements ImageCode {
  @Override
  public String name() {
    return "uniform";
  }

  @Override
  public double bits(int[] tokens) {
    return Byte.SIZE * (double) tokens.length;
  }
}
