package org.md4j.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.md4j.cli.Md4;
import org.md4j.cli.draw.InfillTemplates;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.data.TokenShards;
import org.md4j.data.image.ImageData;
import org.md4j.data.image.ImageFile;
import org.md4j.data.image.ImageGeometry;
import org.md4j.data.image.ImageShape;
import org.md4j.data.image.ImageSource;
import org.md4j.data.text.ByteTokenizer;
import org.md4j.data.text.Corpus;
import org.md4j.data.text.Gpt2Tokenizer;
import org.md4j.data.text.HuggingFaceTokenizer;
import org.md4j.data.text.PassageReader;
import org.md4j.data.text.TextFile;
import org.md4j.train.MetricsFile;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingStart;
import org.md4j.zeroshot.EvaluationSet;
import org.md4j.zeroshot.EvaluationText;
import picocli.CommandLine;

/** What is done with a file to read all that there is in it. */
final class Readers {
  private static final int MOST_ROWS = 4;

  private Readers() {}

  static void images(Path file) {
    try (ImageSource images = ImageData.open(file, ImageGeometry.asStored())) {
      int[] row = new int[images.length()];
      for (int i = 0; i < Math.min(images.size(), MOST_ROWS); i++) {
        images.row(i, row);
        if (!images.classNames().isEmpty()) {
          images.label(i);
        }
      }
    }
  }

  static void picture(Path file) {
    ImageFile.read(file, new ImageShape(8, 8, 3), ImageGeometry.centralCropAndResize(8));
    ImageFile.readOpacity(file, new ImageShape(8, 9, 1));
  }

  static void text(Path file) {
    TextFile.read(file, new ByteTokenizer());
  }

  static void documents(Path file) throws IOException {
    try (PassageReader reader = Corpus.of(List.of(file)).open()) {
      while (reader.next() != null) {}
    }
  }

  static void tokenizer(Path file) {
    HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.read(file);
    tokenizer.decode(tokenizer.encode("some words and some more"));
  }

  static void shards(Path file) {
    TokenShards shards = TokenShards.open(Objects.requireNonNull(file.getParent()));
    int[] tokens = new int[(int) Math.min(shards.train().length(), MOST_ROWS)];
    shards.train().copy(0, tokens);
  }

  static void shardTokens(Path file) {
    TokenShards.open(Objects.requireNonNull(file.getParent())).verify();
  }

  static void evaluationSet(EvaluationSet set, Path file) {
    EvaluationText.read(set, List.of(file), new Gpt2Tokenizer(), true);
  }

  static void templates(Path file) throws IOException {
    InfillTemplates templates =
        CommandLine.populateCommand(new InfillTemplates(), "--file=" + file);
    try {
      templates.read(List.of(), new ByteTokenizer());
    } catch (CommandException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  /** Goes on after the third step; what is damaged is mended, nothing is refused. */
  static void metrics(Path file) {
    TrainerConfig config = TrainerConfig.builder(5, 1, 1e-3).build();
    try (MetricsFile metrics = new MetricsFile(file)) {
      metrics.onStart(new TrainingStart(10, 3, config, 8, 1, "", "a", "b"));
    }
  }

  /** What a command printed when it failed, as it was. */
  static final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    CommandFailure(String printed) {
      super(printed);
    }
  }

  /** Runs a command; one that fails is a refusal. */
  static void command(String... words) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Md4.run(
            Terminal.plain(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)),
            words);
    if (exitCode != 0) {
      throw new CommandFailure(err.toString(StandardCharsets.UTF_8).strip());
    }
  }
}
