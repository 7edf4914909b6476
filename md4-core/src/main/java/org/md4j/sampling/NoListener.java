package org.md4j.sampling;

/** Watches nothing. */
enum NoListener implements SamplingListener {
  NONE
}
