package org.md4j.data.text;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the passages of one file one after the other. */
interface FilePassages extends Closeable {
  /**
   * Returns the next passage; null after the last.
   *
   * @throws org.md4j.data.DataException if the text cannot be used; names the file and the place
   * @throws IOException if the stream fails
   */
  @Nullable Passage next() throws IOException;
}
