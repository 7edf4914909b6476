package org.md4j.sampling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps every reveal and remask of the calls it listens to, in order. */
public final class SamplingTrace implements SamplingListener {
  private final List<Reveal> reveals = new ArrayList<>();
  private final List<Remask> remasks = new ArrayList<>();
  private final Map<Long, List<SamplingEvent>> events = new HashMap<>();

  @Override
  public void onReveal(Reveal reveal) {
    reveals.add(reveal);
    add(reveal);
  }

  @Override
  public void onRemask(Remask remask) {
    remasks.add(remask);
    add(remask);
  }

  /** The reveals so far, in order: a view that grows. */
  public List<Reveal> reveals() {
    return Collections.unmodifiableList(reveals);
  }

  /** The remasks so far, in order: a view that grows. */
  public List<Remask> remasks() {
    return Collections.unmodifiableList(remasks);
  }

  /**
   * Everything that has happened to one row so far, in order: a view that grows, once something has
   * happened.
   *
   * @param example the row's number in the caller's count of rows
   */
  public List<SamplingEvent> eventsOf(long example) {
    return Collections.unmodifiableList(events.getOrDefault(example, List.of()));
  }

  private void add(SamplingEvent event) {
    events.computeIfAbsent(event.example(), number -> new ArrayList<>()).add(event);
  }
}
