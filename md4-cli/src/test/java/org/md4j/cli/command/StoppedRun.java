package org.md4j.cli.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.md4j.cli.terminal.Terminal;
import org.md4j.train.TrainingListener;

/** Runs as they would have been left by a computer that stopped at their first checkpoint. */
final class StoppedRun {
  private static final String CLOCKED = ",?\"(seconds|(tokens|dimensions)_per_second)\":[^,}]*";

  private StoppedRun() {}

  /** Copies the run folder when the first checkpoint is written. */
  static TrainingListener copyAtFirstCheckpoint(Path target) {
    return new TrainingListener() {
      @Override
      public void onCheckpoint(Path checkpoint) {
        if (!Files.exists(target)) {
          copy(checkpoint.resolveSibling(""), target);
        }
      }
    };
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectory(to);
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The metrics but for what a clock measured. */
  static List<String> unclockedMetrics(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
        .map(line -> line.replaceAll(CLOCKED, ""))
        .toList();
  }

  static Terminal silent() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return Terminal.plain(nowhere, nowhere);
  }
}
