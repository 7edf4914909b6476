package org.md4j.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.md4j.examples.support.CommandException;
import org.md4j.examples.support.NativeBackend;
import org.md4j.examples.support.RunFolder;
import org.md4j.examples.support.Terminal;
import org.md4j.examples.support.TextSampling;
import org.md4j.examples.support.Versions;
import org.md4j.model.ParallelDenoiser;
import org.md4j.model.ReplicaPool;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.train.Checkpoint;
import picocli.CommandLine.Command;
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
  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run.")
  private Path run = Path.of("");

  @Option(
      names = "--count",
      paramLabel = "TEXTS",
      defaultValue = "3",
      description = "Texts to draw. Default: ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--length",
      paramLabel = "CHARACTERS",
      defaultValue = "256",
      description = "Characters of each. Default: ${DEFAULT-VALUE}.")
  private int length;

  @Option(
      names = "--steps",
      paramLabel = "COUNT",
      defaultValue = "256",
      description = "Steps of the sampler: more are slower and better. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Decides every draw. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "A new file for the texts, one a line. Default: none, they are only shown.")
  private @Nullable Path out;

  SampleCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    TextSampling sampling = new TextSampling(count, length, steps, seed);
    if (out != null && Files.exists(out)) {
      throw new CommandException("--out (" + out + ") must be a new file, got one that exists");
    }
    RunFolder folder = new RunFolder(run).requireRun();
    NativeBackend.requireUsable();
    Checkpoint checkpoint = Checkpoint.read(folder.checkpoint());
    List<String> texts = draw(sampling, checkpoint);
    if (out != null) {
      Files.write(out, texts);
    }
    return 0;
  }

  private List<String> draw(TextSampling sampling, Checkpoint checkpoint) {
    TransformerDenoiser network = checkpoint.averagedNetwork();
    try (ReplicaPool pool = new ReplicaPool(ReplicaPool.defaultSize())) {
      return sampling.draw(
          ParallelDenoiser.of(pool, network), checkpoint.objective().schedule(), terminal);
    }
  }
}
