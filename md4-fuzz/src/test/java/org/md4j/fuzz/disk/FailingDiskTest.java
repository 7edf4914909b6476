package org.md4j.fuzz.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.data.ShardSettings;
import org.md4j.data.TokenShardsWriter;
import org.md4j.data.TokenSplits;
import org.md4j.data.text.TextFile;
import org.md4j.file.FileReplacement;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.train.Checkpoint;
import org.md4j.train.MetricsFile;
import org.md4j.train.Trainer;
import org.md4j.train.TrainerConfig;

/**
 * Fails at every change of a file in turn: what is left under a final name is always whole, the
 * failure names the file and the reason, and going on comes to the very same bytes.
 */
@Tag("slow")
class FailingDiskTest {
  private static final String WORDS = "some words and some more words again and again ".repeat(4);
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(27, 8).layers(1).heads(1).headSize(4).build();
  private static final TrainerConfig CONFIG =
      TrainerConfig.builder(4, 2, 0.01)
          .optimizer(adamW -> adamW.warmupSteps(1).emaRate(0.5))
          .evaluation(evaluation -> evaluation.every(2).rows(2))
          .checkpoints(checkpoints -> checkpoints.every(1).keep(2))
          .replicas(1)
          .build();

  @TempDir private Path folder;

  /** Something that writes, and goes on where it was stopped. */
  @FunctionalInterface
  private interface Writing {
    void to(Path path) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void aFileIsReplacedWholeOrNotAtAll(Fault fault) throws IOException {
    Path file = folder.resolve("file");
    for (int change = 1; ; change++) {
      Files.writeString(file, "before");
      FailingDisk disk = new FailingDisk(fault, change);
      Throwable failure =
          failureOf(path -> FileReplacement.writeOut(path, List.of("after", "it")), disk.at(file));
      if (!disk.hasFailed()) {
        assertThat(failure).isNull();
        assertThat(change).as("changes").isGreaterThan(4);
        return;
      }
      if (failure == null) { // Of putting the folder on the disk, which not all systems can.
        assertThat(file).hasContent("after\nit\n");
      } else {
        assertThat(failure)
            .hasMessageContaining(file.toString())
            .hasMessageContaining(fault.reason());
        assertThat(file).hasContent("before");
      }
      assertThat(names()).containsExactly("file");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTrainingGoesOnFromWhatIsWhole(Fault fault) throws IOException {
    Path unbroken = Files.createDirectory(folder.resolve("unbroken"));
    train(unbroken);
    byte[] expected = Files.readAllBytes(unbroken.resolve("checkpoint.md4"));

    int failures = 0;
    for (int change = 1; ; change++) {
      Path run = Files.createDirectory(folder.resolve("run" + change));
      FailingDisk disk = new FailingDisk(fault, change);
      Throwable failure = failureOf(FailingDiskTest::train, disk.at(run));
      if (!disk.hasFailed()) {
        assertThat(failure).isNull();
        assertThat(failures).as("changes that failed").isGreaterThan(40);
        return;
      }
      if (failure != null) {
        failures++;
        assertThat(failure)
            .hasMessageContaining(run.toString())
            .hasMessageContaining(fault.reason());
      }
      for (Path left : files(run)) {
        if (left.toString().endsWith(".md4")) {
          assertThat(Checkpoint.read(left).step()).isBetween(0, 4);
        }
      }
      train(run);
      assertThat(run.resolve("checkpoint.md4")).hasBinaryContent(expected);
      assertThat(steps(run)).isEqualTo(steps(unbroken));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shardsGoOnFromWhatIsWhole(Fault fault) throws IOException {
    Path unbroken = folder.resolve("unbroken");
    prepare(unbroken);
    Map<String, String> expected = hashes(unbroken);

    for (int change = 1; ; change++) {
      Path shards = folder.resolve("shards" + change);
      FailingDisk disk = new FailingDisk(fault, change);
      Throwable failure = failureOf(FailingDiskTest::prepare, disk.at(shards));
      if (!disk.hasFailed()) {
        assertThat(failure).isNull();
        assertThat(change).as("changes").isGreaterThan(20);
        return;
      }
      if (failure != null) {
        assertThat(failure).hasMessageContaining(fault.reason());
      }
      prepare(shards);
      assertThat(hashes(shards)).isEqualTo(expected);
    }
  }

  private static Throwable failureOf(Writing writing, Path path) {
    try {
      writing.to(path);
      return null;
    } catch (IOException | RuntimeException e) {
      return e;
    }
  }

  /** Trains on from the latest checkpoint there is. */
  private static void train(Path run) {
    TokenSplits text =
        TextFile.read("text", new ByteArrayInputStream(WORDS.getBytes(UTF_8))).split(0.5, 0.4);
    Path checkpoint = run.resolve("checkpoint.md4");
    try (MetricsFile metrics = new MetricsFile(run.resolve("metrics.jsonl"));
        Trainer trainer =
            new Trainer(
                TransformerDenoiser.create(NETWORK, 1),
                new ContinuousTimeElbo(MaskingSchedule.reference()),
                text.train().chunks(8),
                text.valid().chunks(8),
                CONFIG,
                List.of(metrics))) {
      trainer.checkpointTo(checkpoint);
      if (Files.exists(checkpoint)) {
        trainer.restore(Checkpoint.read(checkpoint));
      }
      trainer.train();
    }
  }

  private static void prepare(Path shards) {
    ShardSettings settings =
        new ShardSettings(
            "source",
            Sha256.of("source"),
            new Vocabulary(300),
            new TokenizerIdentity("test", Sha256.of("test")),
            299,
            0.25,
            7,
            3);
    try (TokenShardsWriter writer = TokenShardsWriter.open(shards, settings)) {
      for (int document = (int) writer.documents(); document < 8; document++) {
        writer.append(new int[] {document, 2, 3}, true);
      }
      writer.finish();
    }
  }

  /** The lines of metrics without what took how long. */
  private static List<String> steps(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
        .map(line -> line.replaceAll("\"(seconds|tokens_per_second)\":[^,}]*", ""))
        .toList();
  }

  private List<String> names() throws IOException {
    return files(folder).stream().map(file -> String.valueOf(file.getFileName())).toList();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static Map<String, String> hashes(Path folder) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (Path file : files(folder)) {
      hashes.put(String.valueOf(file.getFileName()), Sha256.of(Files.readAllBytes(file)));
    }
    return hashes;
  }
}
