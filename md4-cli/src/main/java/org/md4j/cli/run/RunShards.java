package org.md4j.cli.run;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import org.md4j.cli.terminal.CommandException;
import org.md4j.data.TokenShards;
import org.md4j.train.Checkpoint;

/** Finds the shards a run of words was trained on. */
public final class RunShards {
  private RunShards() {}

  /**
   * Opens them and reads them through.
   *
   * @param folder of the run
   * @param checkpoint of the run, which knows what it was trained on
   * @param otherwise what the user can do without them, the end of the error
   * @throws CommandException if they are gone, or no longer those it was trained on
   * @throws org.md4j.data.DataException if they are damaged
   */
  public static TokenShards open(RunFolder folder, Checkpoint checkpoint, String otherwise)
      throws IOException {
    Path path = Path.of(requireNonNull(folder.readConfig(TextRunConfig.class).data()));
    TokenShards shards = TokenShards.isFolder(path) ? TokenShards.open(path) : null;
    String found = shards == null ? "none" : "others (sha256 " + shards.train().sha256() + ")";
    if (shards == null || !shards.train().sha256().equals(checkpoint.data().sha256())) {
      throw new CommandException(
          "shards (%s) must be those this run was trained on (sha256 %s), got %s: %s"
              .formatted(path, checkpoint.data().sha256(), found, otherwise));
    }
    shards.verify();
    return shards;
  }
}
