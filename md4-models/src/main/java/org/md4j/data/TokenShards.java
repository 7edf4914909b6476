package org.md4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.file.FailureText;

/**
 * Documents as tokens in a folder of files, joined by ends of text and divided into a part to train
 * on and one to validate on. Files are mapped into memory, so that there may be more of them than
 * memory; {@link TokenShardsWriter} writes them.
 *
 * <p>A file {@code train-00000.tokens} or {@code valid-00000.tokens} holds little-endian tokens of
 * the narrowest width for the vocabulary and nothing else; {@code shards.json} says how many, with
 * their SHA-256 and the settings they were made with.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class TokenShards {
  static final String TRAIN = "train";
  static final String VALID = "valid";

  /** The name under which a folder keeps the file of its tokenizer, where there is one. */
  public static final String TOKENIZER = "tokenizer.json";

  private final Path folder;
  private final ShardIndex index;

  private TokenShards(Path folder, ShardIndex index) {
    this.folder = folder;
    this.index = index;
  }

  /** Tells whether a path is a folder of shards, whole or not. */
  public static boolean isFolder(Path path) {
    return ShardIndex.isIn(path);
  }

  /**
   * Opens a folder. What the files hold is not read through, {@link #verify} does; their sizes are
   * checked.
   *
   * @throws DataException if it does not hold all documents, or a file is missing or not whole
   */
  public static TokenShards open(Path folder) {
    ShardIndex index = ShardIndex.read(folder);
    if (!index.complete()) {
      throw new DataException(
          "folder (%s) must hold all shards, got the first %d: let what writes them go on to its end"
              .formatted(folder, index.shards().size()));
    }
    TokenShards shards = new TokenShards(folder, index);
    shards.requireSizes();
    return shards;
  }

  private void requireSizes() {
    int width = TokenWidth.of(vocabulary()).bytes();
    forEachFile(
        (file, part) -> {
          long size = Files.isRegularFile(file) ? Files.size(file) : -1;
          if (size != part.tokens() * width) {
            throw new DataException(
                "shard (%s) must have %d bytes, %s: is the folder whole?"
                    .formatted(
                        file, part.tokens() * width, size < 0 ? "but is missing" : "got " + size));
          }
        });
  }

  /** What is done with each file. */
  private interface FileAction {
    void accept(Path file, ShardIndex.Part part) throws IOException;
  }

  private void forEachFile(FileAction action) {
    for (int shard = 0; shard < index.shards().size(); shard++) {
      Path train = ShardPart.file(folder, TRAIN, shard);
      Path valid = ShardPart.file(folder, VALID, shard);
      try {
        action.accept(train, index.shards().get(shard).train());
        action.accept(valid, index.shards().get(shard).valid());
      } catch (IOException e) {
        throw new DataException(
            "shard %d of folder (%s) cannot be read: %s"
                .formatted(shard, folder, FailureText.reason(e)),
            e);
      }
    }
  }

  /**
   * Reads every file through and compares its hash.
   *
   * @throws DataException naming a file whose hash is not the one written down
   */
  public void verify() {
    forEachFile(
        (file, part) -> {
          try (InputStream content = Files.newInputStream(file)) {
            if (!Sha256.of(content).equals(part.sha256())) {
              throw new DataException(
                  "shard (%s) must have the SHA-256 %s, and has not: it was changed or damaged, prepare it again"
                      .formatted(file, part.sha256()));
            }
          }
        });
  }

  /** The settings that decide what the shards hold. */
  public ShardSettings settings() {
    return index.settings();
  }

  /** The vocabulary of the tokens. */
  public Vocabulary vocabulary() {
    return settings().vocabulary();
  }

  /** The tokenizer that made the tokens. */
  public TokenizerIdentity tokenizer() {
    return settings().tokenizer();
  }

  /** The number of documents, of both parts. */
  public long documents() {
    return index.documents();
  }

  /** The number of tokens to train on, ends of text among them. */
  public long trainTokens() {
    return tokens(ShardIndex.Shard::train);
  }

  /** The number of tokens to validate on, ends of text among them. */
  public long validTokens() {
    return tokens(ShardIndex.Shard::valid);
  }

  private long tokens(Function<ShardIndex.Shard, ShardIndex.Part> part) {
    return index.shards().stream().map(part).mapToLong(ShardIndex.Part::tokens).sum();
  }

  /**
   * Returns the documents to train on, joined.
   *
   * @throws DataException if there are none
   */
  public TokenSequence train() {
    return sequence(TRAIN, ShardIndex.Shard::train);
  }

  /**
   * Returns the documents to validate on, joined.
   *
   * @throws DataException if there are none
   */
  public TokenSequence valid() {
    return sequence(VALID, ShardIndex.Shard::valid);
  }

  private TokenSequence sequence(String name, Function<ShardIndex.Shard, ShardIndex.Part> part) {
    List<TokenStore> stores = new ArrayList<>();
    Sha256 hash = new Sha256();
    for (int shard = 0; shard < index.shards().size(); shard++) {
      Path file = ShardPart.file(folder, name, shard);
      ShardIndex.Part of = part.apply(index.shards().get(shard));
      hash.addFile(String.valueOf(file.getFileName()), of.sha256());
      if (of.tokens() > 0) {
        stores.add(MappedTokens.open(file, TokenWidth.of(vocabulary()), MappedTokens.SEGMENT_BITS));
      }
    }
    if (stores.isEmpty()) {
      throw new DataException(
          "folder (%s) must hold documents of the part %s, got none of %d: take more documents or another share"
              .formatted(folder, name, documents()));
    }
    return TokenSequence.of(
            vocabulary(),
            "%s, %s".formatted(settings().source(), name),
            TokenStore.join(stores),
            hash.hex())
        .withTokenizer(tokenizer());
  }

  @Override
  public String toString() {
    return "TokenShards[%s, %d documents, %d + %d tokens, V=%d]"
        .formatted(folder, documents(), trainTokens(), validTokens(), vocabulary().size());
  }
}
