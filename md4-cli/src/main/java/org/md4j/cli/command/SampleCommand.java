package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.draw.ImageDrawing;
import org.md4j.cli.draw.TextDrawing;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.DrawingFlags;
import org.md4j.cli.option.PictureFlags;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.option.SamplingFlags;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.RowSampling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws texts or pictures from a run's averaged weights. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description = {
      "Draw texts or pictures from the EMA weights of a run.",
      "In a terminal texts are unmasked as you watch; elsewhere each is a line. Pictures become a"
          + " grid in a PNG file."
    })
public final class SampleCommand implements Callable<Integer> {
  private static final int LENGTH = 256;

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run, or a checkpoint in it.")
  private Path run = Path.of("");

  @Option(
      names = "--length",
      paramLabel = "TOKENS",
      description =
          "Text only. Characters, or tokens of words, of each. Default: "
              + LENGTH
              + " characters, or as many tokens as a row of the training had.")
  private @Nullable Integer length;

  @Mixin private PictureFlags pictures = new PictureFlags();

  @Mixin private SamplingFlags sampling = SamplingFlags.fromScratch();

  @Mixin private PrecisionFlag precision = PrecisionFlag.fastest();

  @Mixin private DrawingFlags drawing = new DrawingFlags();

  /** Creates the command, to print to a terminal. */
  public SampleCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (length != null && length < 1) {
      throw new CommandException("--length (" + length + ") must be at least 1");
    }
    RunFolder folder = RunFolder.of(run);
    RunKind kind = folder.kind();
    if (kind == RunKind.IMAGE) {
      if (length != null) {
        throw new CommandException(
            "--length is of no use to this run, whose pictures have one size: leave it out");
      }
      pictures.check();
      new ImageDrawing(folder, sampling, precision, drawing, pictures.classes(), terminal)
          .sample(pictures.columns(), pictures.each());
      return 0;
    }
    pictures.requireNone();
    RunTokenizer tokenizer = RunTokenizer.of(folder);
    Tokenizer spelling = tokenizer.tokenizer();
    int tokens = length == null ? usualLength(folder, kind) : length;
    int count = drawing.count(kind);
    drawing.check(kind, tokens);
    String title = "%d texts of %d %s from %s".formatted(count, tokens, kind.tokens(), run);
    new TextDrawing(folder, kind, tokenizer, sampling, precision, drawing, terminal)
        .run(
            RowSampling.masks(spelling.vocabulary(), count, tokens),
            title,
            drawn -> fields(tokens, drawn.decoded(spelling::decode)));
    return 0;
  }

  private static int usualLength(RunFolder folder, RunKind kind) throws IOException {
    return kind == RunKind.TEXT
        ? LENGTH
        : folder.readConfig(TextRunConfig.class).network().length();
  }

  private static Map<String, Object> fields(int length, List<String> texts) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("length", length);
    fields.put("texts", texts);
    return fields;
  }
}
