package org.md4j.cli.draw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.Remask;
import org.md4j.sampling.Reveal;
import org.md4j.sampling.SamplingListener;

/**
 * Keeps how pictures came about, as pictures in a row: what each began as, then every time another
 * equal share of its masks was filled, and the finished one.
 */
public final class DenoisingStrips implements SamplingListener {
  private final int mask;
  private final int frames;
  private final Map<Long, List<int[]>> changes = new HashMap<>();

  /**
   * Nothing yet.
   *
   * @param mask the token of a mask
   * @param frames pictures in a row, at least 2
   */
  public DenoisingStrips(int mask, int frames) {
    if (frames < 2) {
      throw new IllegalArgumentException("frames (" + frames + ") must be at least 2");
    }
    this.mask = mask;
    this.frames = frames;
  }

  @Override
  public void onReveal(Reveal reveal) {
    add(reveal.example(), reveal.position(), reveal.token());
  }

  @Override
  public void onRemask(Remask remask) {
    add(remask.example(), remask.position(), mask);
  }

  /** The row of a picture, [frames][N]. */
  public List<int[]> of(DrawnRow drawn) {
    List<int[]> all = changes.getOrDefault(drawn.example(), List.of());
    int masks = (int) Arrays.stream(drawn.start()).filter(token -> token == mask).count();
    int[] current = drawn.start().clone();
    List<int[]> row = new ArrayList<>(List.of(current.clone()));
    int filled = 0;
    for (int[] change : all) {
      filled += (change[1] == mask ? 0 : 1) - (current[change[0]] == mask ? 0 : 1);
      current[change[0]] = change[1];
      if (row.size() < frames - 1 && (long) filled * (frames - 1) >= (long) row.size() * masks) {
        row.add(current.clone());
      }
    }
    while (row.size() < frames) {
      row.add(drawn.tokens());
    }
    return row;
  }

  private void add(long example, int position, int token) {
    changes.computeIfAbsent(example, number -> new ArrayList<>()).add(new int[] {position, token});
  }
}
