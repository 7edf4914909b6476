package org.md4j.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a folder of shards holds, {@value #FILE}.
 *
 * @param format of the folder
 * @param settings that decide what is in it
 * @param complete whether all documents are
 * @param shards those that are whole
 */
record ShardIndex(int format, ShardSettings settings, boolean complete, List<Shard> shards) {
  static final String FILE = "shards.json";

  private static final int FORMAT = 1;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * Tokens of one part in one file.
   *
   * @param tokens how many
   * @param sha256 of the file, in hex
   */
  record Part(long tokens, String sha256) {}

  /**
   * Consecutive passages.
   *
   * @param documents that end in it
   * @param passages in it
   * @param train those of documents to train on
   * @param valid those of documents to validate on
   */
  record Shard(long documents, long passages, Part train, Part valid) {}

  ShardIndex {
    shards = List.copyOf(shards);
  }

  /** An index of no shards yet. */
  static ShardIndex empty(ShardSettings settings) {
    return new ShardIndex(FORMAT, settings, false, List.of());
  }

  ShardIndex with(Shard shard) {
    List<Shard> longer = new ArrayList<>(shards);
    longer.add(shard);
    return new ShardIndex(format, settings, complete, longer);
  }

  ShardIndex completed() {
    return new ShardIndex(format, settings, true, shards);
  }

  long documents() {
    return shards.stream().mapToLong(Shard::documents).sum();
  }

  long passages() {
    return shards.stream().mapToLong(Shard::passages).sum();
  }

  /** Whether a folder has an index. */
  static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE));
  }

  /**
   * Reads the index of a folder.
   *
   * @throws DataException if there is none, or it cannot be understood
   */
  static ShardIndex read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          "folder (%s) must hold shards, found no %s in it".formatted(folder, FILE));
    }
    try {
      ShardIndex index = JSON.readValue(file.toFile(), ShardIndex.class);
      if (index.format() != FORMAT) {
        throw new DataException(
            "%s must be of format %d, got %d: it was written by another version of md4"
                .formatted(file, FORMAT, index.format()));
      }
      return index;
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s cannot be understood: %s"
              .formatted(file, e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Writes the index; the one there is replaced in one step. */
  void write(Path folder) throws IOException {
    Path beside = folder.resolve(FILE + ".new");
    Files.writeString(beside, JSON.writeValueAsString(this) + "\n");
    place(beside, folder.resolve(FILE));
  }

  /** Gives a whole file its name once all of it is on the disk. */
  static void place(Path written, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
