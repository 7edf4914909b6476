package org.md4j.train;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Optional;
import org.md4j.core.RowSource;
import org.md4j.core.TokenizerIdentity;

/**
 * Names the data that a run trains on.
 *
 * @param name data, part and how it is cut, for people
 * @param sha256 SHA-256 of the unpacked text, in hex
 * @param length N, tokens an example
 * @param size examples
 * @param tokenizer identity of the tokenizer that made the tokens; empty for tokens that were never
 *     text, and in checkpoints from before it was kept
 */
public record DataIdentity(
    String name,
    String sha256,
    int length,
    long size,
    @JsonSerialize(using = TokenizerJson.Writer.class)
        @JsonDeserialize(using = TokenizerJson.Reader.class)
        Optional<TokenizerIdentity> tokenizer) {
  static DataIdentity of(RowSource source) {
    return new DataIdentity(
        source.name(), source.sha256(), source.length(), source.size(), source.tokenizer());
  }

  /** Tells whether this is the same data, whatever it is called and whatever made tokens of it. */
  boolean sameData(DataIdentity other) {
    return sha256.equals(other.sha256) && length == other.length && size == other.size;
  }
}
