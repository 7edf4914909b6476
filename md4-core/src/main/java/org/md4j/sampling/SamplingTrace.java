package org.md4j.sampling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps every reveal and remask of the calls it listens to, in order. */
public final class SamplingTrace implements SamplingListener {
  private final List<Reveal> reveals = new ArrayList<>();
  private final List<Remask> remasks = new ArrayList<>();

  @Override
  public void onReveal(Reveal reveal) {
    reveals.add(reveal);
  }

  @Override
  public void onRemask(Remask remask) {
    remasks.add(remask);
  }

  /** The reveals so far, in order: a view that grows. */
  public List<Reveal> reveals() {
    return Collections.unmodifiableList(reveals);
  }

  /** The remasks so far, in order: a view that grows. */
  public List<Remask> remasks() {
    return Collections.unmodifiableList(remasks);
  }
}
