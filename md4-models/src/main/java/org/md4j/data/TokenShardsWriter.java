package org.md4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.md4j.file.FailureText;
import org.md4j.file.FileReplacement;

/**
 * Writes documents of any number as {@link TokenShards}, with little memory. After every document
 * comes its end; each document goes whole to the part to train on or to the one to validate on, by
 * its number and the seed.
 *
 * <p>What is interrupted goes on: a shard has its name when it is whole and on the disk, and a
 * writer of the same settings begins behind those there are. {@link #passages} says how many
 * passages they hold, which are then not appended again. The files come out the same, byte for
 * byte, however often the writing was interrupted.
 *
 * <p>Not safe for use by several threads, or of a folder by two writers.
 */
public final class TokenShardsWriter implements AutoCloseable {
  private final Path folder;
  private final ShardSettings settings;
  private final Uniforms split;
  private ShardIndex index;
  private long passagesBefore;
  private long documentsBefore;
  private @Nullable Shard open;
  private boolean amongDocument;
  private boolean failed;

  private TokenShardsWriter(Path folder, ShardIndex index) {
    this.folder = folder;
    this.index = index;
    this.settings = index.settings();
    this.passagesBefore = index.passages();
    this.documentsBefore = index.documents();
    this.amongDocument = index.isAmongDocument();
    this.split = new CounterRandom(settings.seed()).uniforms(Purpose.SPLIT, 0);
  }

  /**
   * Begins to write to a folder, which is made if it is not there, or goes on where an earlier
   * writer of the same settings was interrupted.
   *
   * @param folder without files, or with the shards of such a writer
   * @throws DataException if it holds something else, or cannot be written to
   */
  public static TokenShardsWriter open(Path folder, ShardSettings settings) {
    try {
      Files.createDirectories(folder);
      if (ShardIndex.isIn(folder)) {
        ShardIndex index = ShardIndex.read(folder);
        if (!index.holdsSomething()) {
          return begin(folder, settings);
        }
        if (!index.settings().equals(settings)) {
          throw new DataException(
              "folder (%s) must be empty or hold shards of the same settings and data, got %s where %s is asked for: choose another folder"
                  .formatted(folder, index.settings(), settings));
        }
        return new TokenShardsWriter(folder, index);
      }
      requireRoom(folder);
      return begin(folder, settings);
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  private static TokenShardsWriter begin(Path folder, ShardSettings settings) throws IOException {
    ShardIndex index = ShardIndex.empty(settings);
    index.write(folder);
    return new TokenShardsWriter(folder, index);
  }

  /**
   * Checks that shards may be written to a folder: it is not there, is empty, or holds shards,
   * whole or begun. Writes nothing.
   *
   * @throws DataException if it holds something else
   */
  public static void requireRoom(Path folder) {
    if (ShardIndex.isIn(folder) || !Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.anyMatch(file -> !isLeftOver(file))) {
        throw new DataException(
            "folder (%s) must be empty or hold shards, got other files: choose another folder"
                .formatted(folder));
      }
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /** What was written aside when an earlier writer ended, and a tokenizer kept beside shards. */
  private static boolean isLeftOver(Path file) {
    return file.toString().endsWith(FileReplacement.PARTIAL)
        || file.endsWith(TokenShards.TOKENIZER);
  }

  private static DataException unwritable(Path folder, IOException cause) {
    return new DataException(
        "folder (%s) cannot be written to: %s".formatted(folder, FailureText.of(cause)), cause);
  }

  /** The passages in the shards that were whole when this writer began, and those since. */
  public long passages() {
    return passagesBefore + (open == null ? 0 : open.passages);
  }

  /** The documents that ended in these passages. */
  public long documents() {
    return documentsBefore + (open == null ? 0 : open.documents);
  }

  /** Whether all documents are written, and nothing more may be appended. */
  public boolean isComplete() {
    return index.complete();
  }

  /**
   * Appends a document, or a passage of one.
   *
   * @param tokens in {@code [0, V)}, without the end of text
   * @param endsDocument whether the document ends with it
   * @throws DataException if a token is out of range, and nothing of the passage is then written;
   *     or if nothing can be written, after which this writer is of no use
   */
  public void append(int[] tokens, boolean endsDocument) {
    if (isComplete() || failed) {
      throw new IllegalStateException(
          failed
              ? "writing to " + folder + " has failed: go on with another writer"
              : "all documents of " + folder + " are written");
    }
    for (int i = 0; i < tokens.length; i++) {
      TokenSequence.requireToken(settings.vocabulary(), settings.source(), i, tokens[i]);
    }
    failed = true; // Until all of it is written.
    try {
      Shard shard = open == null ? new Shard(index.shards().size()) : open;
      open = shard;
      ShardPart part = split.at(documents(), 0) < settings.validShare() ? shard.valid : shard.train;
      for (int token : tokens) {
        part.append(token);
      }
      if (endsDocument) {
        part.append(settings.endOfText());
        shard.documents++;
      }
      amongDocument = !endsDocument;
      shard.passages++;
      if (shard.passages == settings.passagesPerShard()) {
        end(shard);
      }
      failed = false;
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  private void end(Shard shard) throws IOException {
    index =
        index.with(
            new ShardIndex.Shard(
                shard.documents,
                shard.passages,
                amongDocument,
                shard.train.finish(),
                shard.valid.finish()));
    index.write(folder);
    passagesBefore += shard.passages;
    documentsBefore += shard.documents;
    open = null;
  }

  /**
   * Ends the last shard.
   *
   * @return all that was written
   * @throws DataException if the last document has no end, there is no document, or nothing can be
   *     written
   */
  public TokenShards finish() {
    if (amongDocument) {
      throw new DataException("the last document must end before " + folder + " does");
    }
    try {
      if (open != null) {
        end(open);
      }
      if (documentsBefore == 0) {
        throw new DataException(settings.source() + " must hold at least one document, got none");
      }
      index = index.completed();
      index.write(folder);
      return TokenShards.open(folder);
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /** Stops writing; what is not in a whole shard is left out until a later writer goes on. */
  @Override
  public void close() {
    try {
      if (open != null) {
        open.close();
        open = null;
      }
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /** The shard that is being written. */
  private final class Shard {
    final ShardPart train;
    final ShardPart valid;
    long passages;
    long documents;

    Shard(int number) throws IOException {
      train = part(TokenShards.TRAIN, number);
      try {
        valid = part(TokenShards.VALID, number);
      } catch (IOException e) {
        train.close();
        throw e;
      }
    }

    void close() throws IOException {
      try {
        train.close();
      } finally {
        valid.close();
      }
    }

    private ShardPart part(String name, int number) throws IOException {
      return new ShardPart(ShardPart.file(folder, name, number), settings.vocabulary());
    }
  }
}
