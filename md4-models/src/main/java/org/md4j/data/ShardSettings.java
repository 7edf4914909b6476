package org.md4j.data;

import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;

/**
 * Everything that decides what {@link TokenShards} hold: the same settings and documents give the
 * same files, byte for byte.
 *
 * @param source name of what the documents come from
 * @param sourceSha256 identity of what they come from, in hex
 * @param vocabulary of the tokens
 * @param tokenizer that made the tokens of text
 * @param endOfText token appended to every document, in {@code [0, V)}
 * @param validShare chance of a document to be one of the validation part, in [0, 1]
 * @param seed decides which documents are
 * @param passagesPerShard passages in each shard but the last, at least 1
 */
public record ShardSettings(
    String source,
    String sourceSha256,
    Vocabulary vocabulary,
    TokenizerIdentity tokenizer,
    int endOfText,
    double validShare,
    long seed,
    int passagesPerShard) {
  /** Checks ranges. */
  public ShardSettings {
    if (endOfText < 0 || endOfText >= vocabulary.size()) {
      throw new IllegalArgumentException(
          "endOfText (%d) must be in [0, %d)".formatted(endOfText, vocabulary.size()));
    }
    if (!(validShare >= 0 && validShare <= 1)) {
      throw new IllegalArgumentException("validShare (" + validShare + ") must be in [0, 1]");
    }
    if (passagesPerShard < 1) {
      throw new IllegalArgumentException(
          "passagesPerShard (" + passagesPerShard + ") must be at least 1");
    }
  }
}
