package org.md4j.train;

import org.md4j.core.RowSource;

/**
 * Which data a run trains on.
 *
 * @param name data, part and how it is cut, for people
 * @param sha256 of the unpacked text, in hex
 * @param length N, tokens an example
 * @param size examples
 */
public record DataIdentity(String name, String sha256, int length, long size) {
  static DataIdentity of(RowSource source) {
    return new DataIdentity(source.name(), source.sha256(), source.length(), source.size());
  }

  /** Whether this is the same data, whatever it is called. */
  boolean sameData(DataIdentity other) {
    return sha256.equals(other.sha256) && length == other.length && size == other.size;
  }
}
