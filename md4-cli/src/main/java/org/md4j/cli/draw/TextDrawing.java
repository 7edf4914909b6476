package org.md4j.cli.draw;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import org.md4j.cli.machine.MachineMemory;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.option.DrawingFlags;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.option.SamplingFlags;
import org.md4j.cli.page.SamplingReport;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunSchedule;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.CounterRandom;
import org.md4j.diffusion.Fit;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.SamplingMemory;
import org.md4j.file.FileReplacement;
import org.md4j.file.OneLine;
import org.md4j.likelihood.InfillLikelihood;
import org.md4j.likelihood.InfillRanking;
import org.md4j.model.NetworkConfig;
import org.md4j.model.ReplicaPool;
import org.md4j.model.text.TransformerConfig;
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
  /** Draws to rank a text by; few blanks have few sets of masks. */
  private static final int RANKING_DRAWS = 32;

  /**
   * What was drawn.
   *
   * @param rows all texts
   * @param rankings of the texts that compete, a ranking for each template; none if all are shown
   */
  public record Drawn(DrawnRows rows, List<InfillRanking> rankings) {
    private List<DrawnRow> shown() {
      return rankings.isEmpty()
          ? rows.rows()
          : rankings.stream().map(ranking -> ranking.rows().get(0).row()).toList();
    }
  }

  /**
   * Draws, shows and writes all texts.
   *
   * @param starts the tokens of each text to draw
   * @param title of the report
   * @param json the fields of the JSON line that say what was drawn
   */
  public void run(List<int[]> starts, String title, Function<DrawnRows, Map<String, Object>> json)
      throws IOException {
    run(starts, title, 0, drawn -> json.apply(drawn.rows()));
  }

  /**
   * Draws, and shows and writes the likeliest of the texts that compete, or all.
   *
   * @param starts the tokens of each text to draw
   * @param title of the report, which has all texts
   * @param competing how many of them, one after another, compete; 0 if all are shown
   * @param json the fields of the JSON line that say what was drawn
   */
  public void run(
      List<int[]> starts, String title, int competing, Function<Drawn, Map<String, Object>> json)
      throws IOException {
    sampling.check();
    int longest = starts.stream().mapToInt(start -> start.length).max().orElse(0);
    drawing.check(kind, longest);
    folder.requireRun();
    NativeBackend.requireUsable();
    Precision computed = precision.chosen(terminal);
    SamplingTrace trace = new SamplingTrace();
    Drawn drawn;
    SamplingSummary summary;
    try (MaskedDiffusion model =
        MaskedDiffusion.load(
            folder.checkpoint(), tokenizer.types(), ComputeBackend.preferred(computed))) {
      requireRoom(model.network(), longest, starts.size(), computed);
      if (competing > 0) {
        RunSchedule.common(model.fit());
      }
      if (model.fit().unmasking() == Fit.Unmasking.LEFT_TO_RIGHT) {
        starts.forEach(this::requireBlanksAtTheEnd);
      }
      DrawnRows rows =
          draw(
              starts,
              model,
              competing > 0 || drawing.jsonAlone() ? RowObserver.none() : display(),
              drawing.report() == null ? SamplingListener.none() : trace);
      drawn = new Drawn(rows, competing > 0 ? rankings(model, rows, competing) : List.of());
      summary =
          new SamplingSummary(
              folder.path(), kind, model.fit(), sampling, computed, drawing, rows.cost());
    }
    List<String> texts =
        drawn.shown().stream()
            .map(row -> OneLine.of(tokenizer.tokenizer().decode(row.tokens())))
            .toList();
    if (competing > 0 && !drawing.jsonAlone()) {
      texts.forEach(terminal.out()::println);
    }
    if (competing > 0 && !drawing.quiet()) {
      drawn.rankings().forEach(this::say);
    }
    if (drawing.out() != null) {
      FileReplacement.writeOut(drawing.out(), texts);
    }
    if (drawing.report() != null) {
      FileReplacement.writeOut(
          drawing.report(), List.of(report(title, summary, drawn.rows(), trace).toHtml()));
    }
    if (!drawing.quiet()) {
      terminal.err().println(summary.accounting());
    }
    if (drawing.json()) {
      terminal.out().println(summary.toJson(json.apply(drawn)));
    }
  }

  private RowObserver display() {
    return drawing.quiet() || !terminal.liveOut()
        ? RowDisplay.ofLines(terminal, tokenizer.tokenizer())
        : RowDisplay.ofText(terminal, tokenizer.tokenizer());
  }

  private void requireRoom(NetworkConfig network, int longest, int count, Precision computed) {
    if (!(network instanceof TransformerConfig text)) {
      return;
    }
    int together = Math.min(count, RowObserver.ROWS_TOGETHER);
    IntToLongFunction bytes =
        length ->
            SamplingMemory.of(
                    text.toBuilder().length(length).build(),
                    together,
                    ReplicaPool.defaultSize(),
                    computed)
                .orElse(0);
    MachineMemory machine = MachineMemory.here();
    machine.require(
        bytes.applyAsLong(longest),
        "for %d of %d %s each".formatted(together, longest, kind.tokens()),
        () ->
            "texts of at most %d %s fit"
                .formatted(
                    MachineMemory.largest(
                        longest, length -> machine.holds(bytes.applyAsLong(length))),
                    kind.tokens()));
  }

  private List<InfillRanking> rankings(MaskedDiffusion model, DrawnRows drawn, int competing) {
    InfillLikelihood likelihood =
        new InfillLikelihood(model.denoiser(), RunSchedule.common(model.fit()), RANKING_DRAWS);
    List<InfillRanking> rankings = new ArrayList<>();
    for (int first = 0; first < drawn.rows().size(); first += competing) {
      rankings.add(
          InfillRanking.of(
              likelihood,
              tokenizer.tokenizer().vocabulary(),
              drawn.rows().subList(first, first + competing),
              new CounterRandom(drawing.seed())));
    }
    return rankings;
  }

  private void say(InfillRanking ranking) {
    InfillRanking.Ranked best = ranking.rows().get(0);
    int blanks = best.blanks(tokenizer.tokenizer().vocabulary());
    terminal
        .err()
        .printf(
            Locale.ROOT,
            "likeliest of %d: %d %s filled in, %.3f bits each%n",
            ranking.rows().size(),
            blanks,
            blanks == 1 ? "blank" : "blanks",
            best.bitsPerBlank());
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

  private DrawnRows draw(
      List<int[]> starts, MaskedDiffusion model, RowObserver display, SamplingListener trace) {
    return new RowSampling(
            sampling.sampler(model.fit()),
            tokenizer.tokenizer().vocabulary(),
            starts,
            drawing.seed())
        .draw(model.denoiser(), display, trace);
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
