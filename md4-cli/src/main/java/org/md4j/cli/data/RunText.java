package org.md4j.cli.data;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.terminal.CommandException;
import org.md4j.data.TokenShards;

/**
 * What a new text run is to learn: a file of 27 symbols, or words in a folder of shards.
 *
 * @param path of either; null for the novels that come with md4
 * @param tokenizer of the text
 */
public record RunText(@Nullable Path path, RunTokenizer tokenizer) {
  /**
   * Finds out what is named.
   *
   * @param paths as they were given; none for the novels
   * @throws CommandException if they are not one file or one folder of shards
   */
  public static RunText of(List<Path> paths) {
    if (paths.isEmpty()) {
      return new RunText(null, RunTokenizer.OF_SYMBOLS);
    }
    Path first = paths.get(0);
    if (paths.size() > 1) {
      throw new CommandException(
          "--data must be one file of 27 symbols, or one folder of shards, got %d paths: to make shards of them use ./md4 prepare"
              .formatted(paths.size()));
    }
    return TokenShards.isFolder(first)
        ? new RunText(first, RunTokenizer.of(TokenShards.open(first), first))
        : new RunText(first, RunTokenizer.OF_SYMBOLS);
  }
}
