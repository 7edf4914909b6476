package org.md4j.cli.draw;

import java.io.PrintStream;
import java.util.Locale;
import org.md4j.core.TokenBatch;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.Remask;
import org.md4j.sampling.Reveal;
import org.md4j.sampling.RowObserver;
import org.md4j.sampling.SamplingListener;

/** A line in a terminal that says how much of the pictures is drawn. */
final class PictureProgress implements RowObserver {
  private static final long NANOS_BETWEEN = 200_000_000;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final int columns;
  private final int pictures;
  private int done;

  /**
   * Nothing drawn yet.
   *
   * @param out a terminal
   * @param columns of the terminal
   * @param pictures in all
   */
  PictureProgress(PrintStream out, int columns, int pictures) {
    this.out = out;
    this.columns = columns;
    this.pictures = pictures;
  }

  @Override
  public SamplingListener watch(TokenBatch start) {
    int mask = start.vocabulary().maskId();
    int masks = 0;
    for (int row = 0; row < start.rows(); row++) {
      for (int token : start.row(row)) {
        masks += token == mask ? 1 : 0;
      }
    }
    return new Share(done + 1, done + start.rows(), masks);
  }

  @Override
  public void onRow(DrawnRow row) {
    done++;
    if (done == pictures) {
      out.print(CLEAR_LINE);
      out.flush();
    }
  }

  /** The share of masks that is filled of the pictures drawn together. */
  private final class Share implements SamplingListener {
    private final int first;
    private final int last;
    private final int masks;
    private int filled;
    private long shownNanos = System.nanoTime() - NANOS_BETWEEN;

    Share(int first, int last, int masks) {
      this.first = first;
      this.last = last;
      this.masks = masks;
    }

    @Override
    public void onReveal(Reveal reveal) {
      filled++;
      update();
    }

    @Override
    public void onRemask(Remask remask) {
      filled--;
      update();
    }

    private void update() {
      if (System.nanoTime() - shownNanos < NANOS_BETWEEN) {
        return;
      }
      shownNanos = System.nanoTime();
      String line =
          String.format(
              Locale.ROOT,
              "%.0f %% of pictures %d to %d of %d",
              100.0 * filled / masks,
              first,
              last,
              pictures);
      out.print(CLEAR_LINE + line.substring(0, Math.min(line.length(), columns - 1)));
      out.flush();
    }
  }
}
