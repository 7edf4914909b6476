package org.md4j.cli.terminal;

import java.io.PrintStream;
import java.util.Locale;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.LogitBlocks;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A denoiser that shows in a terminal how many rows it has been given; silent elsewhere. */
public final class CountedDenoiser implements Denoiser, AutoCloseable {
  private static final long NANOS_BETWEEN = 200_000_000;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Denoiser denoiser;
  private final PrintStream out;
  private final boolean live;
  private long rows;
  private long shownNanos = System.nanoTime();

  /** Counts the rows that are given to a denoiser. */
  public CountedDenoiser(Denoiser denoiser, Terminal terminal) {
    this.denoiser = denoiser;
    this.out = terminal.err();
    this.live = terminal.liveErr();
  }

  @Override
  public INDArray logits(DenoiserInput input) {
    INDArray logits = denoiser.logits(input);
    count(input);
    return logits;
  }

  @Override
  public void readLogits(DenoiserInput input, LogitBlocks blocks) {
    denoiser.readLogits(input, blocks);
    count(input);
  }

  private void count(DenoiserInput input) {
    rows += input.tokens().rows();
    if (live && System.nanoTime() - shownNanos >= NANOS_BETWEEN) {
      shownNanos = System.nanoTime();
      out.printf(Locale.ROOT, "%s%,d network evaluations", CLEAR_LINE, rows);
      out.flush();
    }
  }

  /** Takes the count off the screen. */
  @Override
  public void close() {
    if (live) {
      out.print(CLEAR_LINE);
      out.flush();
    }
  }
}
