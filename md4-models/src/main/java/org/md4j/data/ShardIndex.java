package org.md4j.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.md4j.core.Sha256;
import org.md4j.file.FailureText;
import org.md4j.file.FileReplacement;
import org.md4j.file.JsonFailureText;

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
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  /** Writes the same bytes on every system. */
  private static final ObjectWriter WRITER =
      JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

  /**
   * Tokens of one part in one file.
   *
   * @param tokens how many
   * @param sha256 of the file, in hex
   */
  record Part(long tokens, String sha256) {
    Part {
      Sha256.requireHex("sha256", sha256);
    }
  }

  /**
   * Consecutive passages.
   *
   * @param documents that end in it
   * @param passages in it
   * @param amongDocument whether a document has begun that does not end in it
   * @param train those of documents to train on
   * @param valid those of documents to validate on
   */
  record Shard(long documents, long passages, boolean amongDocument, Part train, Part valid) {
    Shard {
      Objects.requireNonNull(train, "train");
      Objects.requireNonNull(valid, "valid");
    }
  }

  ShardIndex {
    Objects.requireNonNull(settings, "settings");
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

  /** Whether there is a shard, or there never will be one. */
  boolean holdsSomething() {
    return complete || !shards.isEmpty();
  }

  /** Whether the last document has begun and not ended. */
  boolean isAmongDocument() {
    return !shards.isEmpty() && shards.get(shards.size() - 1).amongDocument();
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
      JsonNode json = JSON.readTree(file.toFile());
      if (json.path("format").asInt() != FORMAT) {
        throw new DataException(
            "%s must be of format %d, got %s: it is damaged, or was written by another version of md4"
                .formatted(file, FORMAT, json.path("format").asText("none")));
      }
      return JSON.treeToValue(json, ShardIndex.class);
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s cannot be understood: %s".formatted(file, JsonFailureText.of(e)), e);
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s".formatted(file, FailureText.reason(e)), e);
    }
  }

  /** Writes the index; the one there is replaced in one step. */
  void write(Path folder) throws IOException {
    FileReplacement.write(folder.resolve(FILE), WRITER.writeValueAsString(this) + "\n");
  }
}
