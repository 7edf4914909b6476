package org.md4j.data.image;

import org.md4j.core.Vocabulary;

/** The vocabulary and the layouts that all images share as rows of tokens. */
final class ImageTokens {
  static final Vocabulary VOCABULARY = new Vocabulary(256);

  private ImageTokens() {}

  /** Writes bytes as tokens, in their order. */
  static void widen(byte[] pixels, int[] into) {
    for (int n = 0; n < into.length; n++) {
      into[n] = pixels[n] & 0xFF;
    }
  }

  /**
   * Writes colour planes, one after the other, as tokens with the colours of a pixel side by side.
   */
  static void interleave(byte[] planes, int colours, int[] into) {
    int pixels = into.length / colours;
    for (int k = 0; k < colours; k++) {
      for (int p = 0; p < pixels; p++) {
        into[p * colours + k] = planes[k * pixels + p] & 0xFF;
      }
    }
  }
}
