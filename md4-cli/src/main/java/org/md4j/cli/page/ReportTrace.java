package org.md4j.cli.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.Remask;
import org.md4j.sampling.Reveal;
import org.md4j.sampling.SamplingListener;

/** Keeps what happens to each example, for a {@link SamplingReport}. */
public final class ReportTrace implements SamplingListener {
  private final Vocabulary vocabulary;
  private final Map<Long, List<ReportSample.Event>> events = new HashMap<>();

  /** An empty trace of tokens of a vocabulary. */
  public ReportTrace(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  @Override
  public void onReveal(Reveal reveal) {
    add(reveal.example(), ReportSample.Event.of(reveal));
  }

  @Override
  public void onRemask(Remask remask) {
    add(remask.example(), ReportSample.Event.of(remask, vocabulary.maskId()));
  }

  private void add(long example, ReportSample.Event event) {
    events.computeIfAbsent(example, number -> new ArrayList<>()).add(event);
  }

  List<ReportSample.Event> of(long example) {
    return events.getOrDefault(example, List.of());
  }
}
