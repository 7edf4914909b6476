package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.md4j.cli.draw.ImageDrawing;
import org.md4j.cli.draw.InfillPictures;
import org.md4j.cli.draw.InfillTemplates;
import org.md4j.cli.draw.TextDrawing;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.DrawingFlags;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.option.SamplingFlags;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.data.Tokenizer;
import org.md4j.likelihood.InfillRanking;
import org.md4j.sampling.Template;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fills in blanks with a run's averaged weights; what is given stays as it is. */
@Command(
    name = "infill",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description = {
      "Fill in the blanks of templates with the EMA weights of a run; what is given never changes.",
      "In a terminal the blanks are unmasked as you watch and stay coloured; elsewhere each text is"
          + " a line.",
      "A picture becomes a PNG file, in every row what was given, what was masked, and pictures"
          + " filled in."
    })
public final class InfillCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "The folder of a run, or a checkpoint in it.")
  private Path run = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "TEMPLATE",
      description =
          "Text with an underscore for each character, or each token of words, to fill in: \"the"
              + " ____ of the _____\".")
  private List<String> texts = new ArrayList<>();

  @Mixin private InfillTemplates templates = new InfillTemplates();

  @Option(
      names = "--best",
      description =
          "Show only the likeliest of a template's texts, of all its --lengths, by what the filled"
              + " blanks cost given the rest, each on average. Default: show all.")
  private boolean best;

  @Mixin private InfillPictures pictures = new InfillPictures();
  @Mixin private SamplingFlags sampling = SamplingFlags.forInfilling();

  @Mixin private PrecisionFlag precision = PrecisionFlag.fastest();

  @Mixin private DrawingFlags drawing = new DrawingFlags();

  /** Creates the command, to print to a terminal. */
  public InfillCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    RunFolder folder = RunFolder.of(run);
    if (folder.kind() == RunKind.IMAGE) {
      templates.requireNone(texts);
      if (best) {
        throw new CommandException(
            "--best is of no use to this run, which fills in pictures: leave it out");
      }
      new ImageDrawing(folder, sampling, precision, drawing, pictures.classes(), terminal)
          .infill(pictures);
      return 0;
    }
    pictures.requireNone();
    RunKind kind = folder.kind();
    RunTokenizer tokenizer = RunTokenizer.of(folder);
    List<Template> wanted = templates.read(texts, tokenizer.tokenizer());
    int each = drawing.count(kind);
    List<int[]> starts = new ArrayList<>();
    for (Template template : wanted) {
      starts.addAll(Collections.nCopies(Math.max(0, each), template.row().row(0)));
    }
    String title = "%d templates filled in %d times from %s".formatted(wanted.size(), each, run);
    new TextDrawing(folder, kind, tokenizer, sampling, precision, drawing, terminal)
        .run(
            starts,
            title,
            best ? templates.lengthsOfEach() * each : 0,
            drawn -> fields(tokenizer.tokenizer(), wanted, each, drawn));
    return 0;
  }

  private static Map<String, Object> fields(
      Tokenizer tokenizer, List<Template> wanted, int each, TextDrawing.Drawn drawn) {
    List<String> texts = drawn.rows().decoded(tokenizer::decode);
    List<Map<String, Object>> filled = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("template", tokenizer.decode(wanted.get(i).row().row(0)));
      one.put("texts", texts.subList(i * each, (i + 1) * each));
      filled.add(one);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("templates", filled);
    if (!drawn.rankings().isEmpty()) {
      fields.put(
          "rankings",
          drawn.rankings().stream().map(ranking -> fields(tokenizer, ranking)).toList());
    }
    return fields;
  }

  /** The texts that competed, the likeliest first. */
  private static List<Map<String, Object>> fields(Tokenizer tokenizer, InfillRanking ranking) {
    return ranking.rows().stream()
        .map(
            ranked ->
                Map.<String, Object>of(
                    "text",
                    tokenizer.decode(ranked.row().tokens()),
                    "blanks",
                    ranked.blanks(tokenizer.vocabulary()),
                    "bits_per_blank",
                    ranked.bitsPerBlank()))
        .toList();
  }
}
