package org.md4j.examples;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.md4j.core.Denoiser;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.SamplingSettings;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.SamplingListener;
import org.md4j.sampling.SamplingRequest;
import org.md4j.sampling.SamplingResult;
import org.md4j.sampling.SamplingRun;

/**
 * Draws in an order of your own: blocks from left to right, the masks of a block at once.
 *
 * <p>You learn that a sampler only says which masks of a row come next and at what time; a {@code
 * SamplingRun} asks the network, draws the tokens and counts the cost.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Dexample=OwnSampler -Dexec.args=runs/mini}
 *
 * @param decoding how the network is asked and its tokens drawn
 * @param together masks revealed at once, at least 1
 */
public record OwnSampler(Decoding decoding, int together) implements ReverseSampler {
  /** Prints three texts of the model of the first argument, a checkpoint or the folder of a run. */
  public static void main(String[] args) {
    try (var model = MaskedDiffusion.load(Path.of(args[0]))) {
      draw(model, 3, 4).forEach(System.out::println);
    }
  }

  static List<String> draw(MaskedDiffusion model, int count, int together) {
    var sampler = new OwnSampler(Decoding.of(model.fit().commonSchedule()), together);
    return model.sample(count, SamplingSettings.builder().sampler(sampler).build()).texts();
  }

  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
    run.rounds(row -> next(run, row), run::revealDrawn);
    return run.result();
  }

  /** Takes a row to its next step; no positions when nothing is masked any more. */
  private int[] next(SamplingRun run, int row) {
    int[] masked = run.rows().maskedPositions(row);
    if (masked.length > 0) {
      run.moveTo(row, run.step(row) + 1, (double) masked.length / run.rows().blanks(row));
    }
    return Arrays.copyOf(masked, Math.min(together, masked.length));
  }
}
