package org.md4j.compute;

import org.bytedeco.javacpp.Pointer;

/**
 * Asks the machine for memory outside the Java heap before ND4J does: ND4J 1.0.0-M2.1 writes zeros
 * to what it is given without looking whether it was given any, which ends the process.
 */
public final class NativeMemory {
  private static final long MEGABYTE = 1 << 20;

  /** What is smaller is not asked for beforehand: where it fails, nothing else would go on. */
  private static final long SMALLEST = 64 * MEGABYTE;

  private NativeMemory() {}

  /**
   * Checks that so much memory can be allocated at once; some tens of microseconds.
   *
   * @param bytes at least 0; below 64 MB nothing is asked
   * @throws OutOfMemoryError if the machine does not give as much
   */
  public static void require(long bytes) {
    if (bytes < SMALLEST) {
      return;
    }
    Pointer memory = Pointer.malloc(bytes);
    if (memory == null || memory.isNull()) {
      throw new OutOfMemoryError(
          "the machine must give %,d MB of memory outside the Java heap at once, and does not"
              .formatted(bytes / MEGABYTE));
    }
    Pointer.free(memory);
  }
}
