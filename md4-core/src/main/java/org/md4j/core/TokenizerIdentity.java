package org.md4j.core;

/**
 * Names what turned data into tokens: two tokenizers are the same if and only if their identities
 * are equal.
 *
 * @param name what people call it, not empty
 * @param sha256 of its vocabulary and rules, in hex
 */
public record TokenizerIdentity(String name, String sha256) {
  /** Rejects an empty name and what is no SHA-256 in hex. */
  public TokenizerIdentity {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name (" + name + ") must not be empty");
    }
    Sha256.requireHex("sha256", sha256);
  }
}
