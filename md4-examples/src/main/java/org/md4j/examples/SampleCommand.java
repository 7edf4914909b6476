package org.md4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.md4j.data.Text27Tokenizer;
import org.md4j.data.Tokenizer;
import org.md4j.examples.support.CommandException;
import org.md4j.examples.support.DrawnRows;
import org.md4j.examples.support.RowSampling;
import org.md4j.examples.support.Terminal;
import org.md4j.examples.support.Versions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws texts from a run's averaged weights. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description = {
      "Draw texts from the EMA weights of a run.",
      "In a terminal they are unmasked as you watch; elsewhere each is a line of text."
    })
final class SampleCommand implements Callable<Integer> {
  private static final Tokenizer TOKENIZER = new Text27Tokenizer();

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run.")
  private Path run = Path.of("");

  @Option(
      names = "--length",
      paramLabel = "CHARACTERS",
      defaultValue = "256",
      description = "Characters of each text. Default: ${DEFAULT-VALUE}.")
  private int length;

  @Mixin private SamplingFlags sampling = SamplingFlags.fromScratch();

  @Mixin private DrawingFlags drawing = new DrawingFlags();

  SampleCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (length < 1) {
      throw new CommandException("--length (" + length + ") must be at least 1");
    }
    drawing.check(length);
    String title = "%d texts of %d characters from %s".formatted(drawing.count(), length, run);
    new TextDrawing(run, sampling, drawing, terminal)
        .run(
            RowSampling.masks(TOKENIZER.vocabulary(), drawing.count(), length),
            title,
            this::fields);
    return 0;
  }

  private Map<String, Object> fields(DrawnRows drawn) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("length", length);
    fields.put("texts", drawn.texts(TOKENIZER));
    return fields;
  }
}
