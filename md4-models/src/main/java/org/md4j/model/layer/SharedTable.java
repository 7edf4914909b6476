package org.md4j.model.layer;

/**
 * Fixed numbers that the layers of one network share, made when they are first used; two tables
 * that are equal hold the same numbers.
 */
public interface SharedTable {
  /** The memory held, in bytes. */
  long bytes();
}
