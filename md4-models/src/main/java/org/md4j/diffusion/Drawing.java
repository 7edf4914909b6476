package org.md4j.diffusion;

import java.util.List;
import java.util.stream.IntStream;
import org.md4j.core.Denoiser;
import org.md4j.core.GuidedDenoiser;
import org.md4j.model.NetworkConfig;
import org.md4j.sampling.DrawnRows;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.RowObserver;
import org.md4j.sampling.RowSampling;
import org.md4j.sampling.ToldTime;

/**
 * Draws rows from a network as {@link SamplingSettings} say: by which sampler, of which class, how
 * many at a time.
 *
 * @param denoiser the network
 * @param network its shape
 * @param fit what fits the objective it was trained on
 */
record Drawing(Denoiser denoiser, NetworkConfig network, Fit fit) {
  /**
   * Draws rows.
   *
   * @param starts the tokens of each row, masks where something is to be drawn
   * @param toldTime the time a network with a common schedule is told
   */
  DrawnRows draw(List<int[]> starts, ToldTime toldTime, SamplingSettings settings) {
    ReverseSampler chosen = settings.sampler();
    ReverseSampler sampler =
        chosen != null ? chosen : fit.sampler(settings.grid(), settings.filter(), toldTime);
    return new RowSampling(
            sampler, network.vocabulary(), starts, labels(starts.size(), settings), settings.seed())
        .draw(guided(settings), new Together(settings.rowsTogether()), settings.listener());
  }

  /** The class of each row to draw: the one asked for, or every class in turn. */
  private List<Integer> labels(int count, SamplingSettings settings) {
    int classes = network.classes();
    Integer label = settings.label();
    if (classes == 0) {
      if (label != null || settings.guidance() > 0) {
        throw new UnsupportedOperationException(
            "the network must have classes to be told a label or be guided, and has none");
      }
      return List.of();
    }
    if (label != null && label > classes) {
      throw new IllegalArgumentException(
          "label (%d) must be in 0..%d (the last is the null label)".formatted(label, classes));
    }
    return IntStream.range(0, count)
        .mapToObj(row -> label != null ? label : Integer.valueOf(row % classes))
        .toList();
  }

  private Denoiser guided(SamplingSettings settings) {
    return settings.guidance() == 0
        ? denoiser
        : new GuidedDenoiser(denoiser, network.classes(), settings.guidance());
  }

  /** Takes as many rows at a time as the settings say. */
  private record Together(int rows) implements RowObserver {
    @Override
    public int rowsTogether(int length) {
      return rows;
    }
  }
}
