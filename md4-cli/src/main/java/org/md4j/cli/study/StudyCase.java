package org.md4j.cli.study;

import org.jspecify.annotations.Nullable;
import org.md4j.cli.option.NamedGrid;
import org.md4j.sampling.ReverseSampler;

/**
 * One row of the study's table before it is measured.
 *
 * @param sampler its name
 * @param setting what else was chosen, empty if nothing
 * @param grid null for a sampler without times of its own
 * @param steps T; null for a sampler that decides itself how often it asks
 * @param drawer draws the rows
 */
public record StudyCase(
    String sampler,
    String setting,
    @Nullable NamedGrid grid,
    @Nullable Integer steps,
    ReverseSampler drawer) {
  /** The case in a few words, for people. */
  public String label() {
    return (sampler + " " + setting + (grid == null ? "" : " " + grid + " " + steps))
        .replaceAll("\\s+", " ")
        .strip();
  }

  /** The case as the name of a file, without its ending. */
  String fileName() {
    return label().replaceAll("[ /]", "-");
  }
}
