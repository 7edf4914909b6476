package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.md4j.cli.CommandRun;

/**
 * Short documents, as shards of 300 tokens.
 *
 * @param documents a file of lines of JSON
 * @param shards a folder
 * @param preparation the command that made them
 */
record TinyWords(Path documents, Path shards, CommandRun preparation) {
  static TinyWords in(Path folder) throws IOException {
    Path documents = Files.write(folder.resolve("documents.jsonl"), lines());
    Path shards = folder.resolve("shards");
    CommandRun preparation = prepare(documents, shards);
    assertThat(preparation.exitCode()).as(preparation.err()).isZero();
    return new TinyWords(documents, shards, preparation);
  }

  private static CommandRun prepare(Path documents, Path shards) {
    return CommandRun.of(
        "prepare",
        documents.toString(),
        "--out=" + shards,
        "--vocabulary=300",
        "--valid=0.2",
        "--seed=3");
  }

  private static List<String> lines() {
    return IntStream.range(0, 300)
        .mapToObj(
            d -> "{\"text\":\"In %d the Caf\u00e9 had\\n%d guests.\"}".formatted(1900 + d, d % 17))
        .toList();
  }

  /** Prepares the same documents once more. */
  CommandRun prepareAgain() {
    return prepare(documents, shards);
  }

  /** Trains a run on rows of 16 tokens of them. */
  CommandRun train(Path out, String... more) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(
                    "train",
                    "text",
                    "--data=" + shards,
                    "--batch=4",
                    "--length=16",
                    "--eval-rows=8",
                    "--out=" + out),
                Arrays.stream(more))
            .toArray(String[]::new));
  }
}
