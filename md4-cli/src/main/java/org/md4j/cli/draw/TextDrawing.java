package org.md4j.cli.draw;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.option.DrawingFlags;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.option.SamplingFlags;
import org.md4j.cli.page.SamplingReport;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.diffusion.Fit;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.DrawnRows;
import org.md4j.sampling.RowObserver;
import org.md4j.sampling.RowSampling;
import org.md4j.sampling.SamplingListener;
import org.md4j.sampling.SamplingTrace;

/**
 * What {@code sample} and {@code infill} have in common: draws texts from the EMA weights of a run
 * and sends them where they are wanted.
 *
 * @param folder of the run
 * @param kind of its text
 * @param tokenizer of the run
 * @param sampling the sampler
 * @param precision what the network computes in
 * @param drawing what is to become of the texts
 * @param terminal where they are shown
 */
public record TextDrawing(
    RunFolder folder,
    RunKind kind,
    RunTokenizer tokenizer,
    SamplingFlags sampling,
    PrecisionFlag precision,
    DrawingFlags drawing,
    Terminal terminal) {
  /**
   * Draws, shows and writes.
   *
   * @param starts the tokens of each text to draw
   * @param title of the report
   * @param json the fields of the JSON line that say what was drawn
   */
  public void run(List<int[]> starts, String title, Function<DrawnRows, Map<String, Object>> json)
      throws IOException {
    sampling.check();
    drawing.check(kind, starts.stream().mapToInt(start -> start.length).max().orElse(0));
    folder.requireRun();
    NativeBackend.requireUsable();
    Precision computed = precision.chosen(terminal);
    SamplingTrace trace = new SamplingTrace();
    DrawnRows drawn;
    SamplingSummary summary;
    try (MaskedDiffusion model =
        MaskedDiffusion.load(
            folder.path(), tokenizer.types(), ComputeBackend.preferred(computed))) {
      if (model.fit().unmasking() == Fit.Unmasking.LEFT_TO_RIGHT) {
        starts.forEach(this::requireBlanksAtTheEnd);
      }
      drawn = draw(starts, model, drawing.report() == null ? SamplingListener.none() : trace);
      summary =
          new SamplingSummary(
              folder.path(), kind, model.fit(), sampling, computed, drawing, drawn.cost());
    }
    if (drawing.out() != null) {
      Files.write(
          drawing.out(),
          drawn.decoded(tokenizer.tokenizer()::decode).stream().map(OneLine::of).toList());
    }
    if (drawing.report() != null) {
      Files.writeString(drawing.report(), report(title, summary, drawn, trace).toHtml());
    }
    if (!drawing.quiet()) {
      terminal.err().println(summary.accounting());
    }
    if (drawing.json()) {
      terminal.out().println(summary.toJson(json.apply(drawn)));
    }
  }

  private void requireBlanksAtTheEnd(int[] start) {
    int mask = tokenizer.tokenizer().vocabulary().maskId();
    for (int n = 1; n < start.length; n++) {
      if (start[n] != mask && start[n - 1] == mask) {
        throw new CommandException(
            "template must have its blanks at the end: this run is autoregressive, got a blank at position %d with a %s after it"
                .formatted(n - 1, kind.token()));
      }
    }
  }

  private DrawnRows draw(List<int[]> starts, MaskedDiffusion model, SamplingListener trace) {
    RowSampling texts =
        new RowSampling(
            sampling.sampler(model.fit()),
            tokenizer.tokenizer().vocabulary(),
            starts,
            drawing.seed());
    RowObserver display =
        drawing.quiet() ? RowObserver.none() : RowDisplay.ofText(terminal, tokenizer.tokenizer());
    return texts.draw(model.denoiser(), display, trace);
  }

  private SamplingReport report(
      String title, SamplingSummary summary, DrawnRows drawn, SamplingTrace trace) {
    SamplingReport report =
        SamplingReport.ofTexts(title, tokenizer.tokenizer(), summary.protocol());
    int number = 1;
    for (DrawnRow text : drawn.rows()) {
      report.add("Text " + number++, text.start(), trace, text.example());
    }
    return report;
  }
}
