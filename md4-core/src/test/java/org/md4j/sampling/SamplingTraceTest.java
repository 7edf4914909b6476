package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplingTraceTest {
  private static final Reveal FIRST = new Reveal(7, 1, 0.9, 2, 5, 0.5, 1);
  private static final Reveal OTHER_ROW = new Reveal(8, 1, 0.9, 0, 4, 0.5, 1);
  private static final Remask AGAIN = new Remask(7, 2, 0.5, 2, 5);
  private static final Reveal LAST = new Reveal(7, 3, 0.1, 2, 6, 0.5, 1);

  @Test
  void eventsOfARowAreAllOfItsEventsInOrder() {
    SamplingTrace trace = new SamplingTrace();
    trace.onReveal(FIRST);
    trace.onReveal(OTHER_ROW);
    trace.onRemask(AGAIN);
    trace.onReveal(LAST);

    assertThat(trace.eventsOf(7)).containsExactly(FIRST, AGAIN, LAST);
    assertThat(trace.eventsOf(8)).containsExactly(OTHER_ROW);
    assertThat(trace.eventsOf(9)).isEmpty();
  }
}
