package org.md4j.cli.command;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.sampling.DrawnRows;
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
  private static final Tokenizer TOKENIZER = new Text27Tokenizer();

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run.")
  private Path run = Path.of("");

  @Option(
      names = "--length",
      paramLabel = "CHARACTERS",
      description = "Text only. Characters of each. Default: " + LENGTH + ".")
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
    int characters = requireNonNullElse(length, LENGTH);
    if (characters < 1) {
      throw new CommandException("--length (" + characters + ") must be at least 1");
    }
    RunFolder folder = new RunFolder(run);
    if (folder.kind() == RunKind.IMAGE) {
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
    int count = drawing.count(RunKind.TEXT);
    drawing.check(RunKind.TEXT, characters);
    String title = "%d texts of %d characters from %s".formatted(count, characters, run);
    new TextDrawing(run, sampling, precision, drawing, terminal)
        .run(
            RowSampling.masks(TOKENIZER.vocabulary(), count, characters),
            title,
            drawn -> fields(characters, drawn));
    return 0;
  }

  private static Map<String, Object> fields(int characters, DrawnRows drawn) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("length", characters);
    fields.put("texts", drawn.decoded(TOKENIZER::decode));
    return fields;
  }
}
