package org.md4j.data.text;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Reads line ends of every kind, {@code \r\n}, {@code \r} and {@code \n}, as {@code \n}. */
final class LineEnds extends FilterReader {
  private boolean afterReturn;

  LineEnds(Reader reader) {
    super(reader);
  }

  @Override
  public int read() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(char[] into, int offset, int count) throws IOException {
    int kept = 0;
    while (kept == 0) {
      int read = super.read(into, offset, count);
      if (read <= 0) {
        return read;
      }
      for (int i = offset; i < offset + read; i++) {
        boolean second = afterReturn && into[i] == '\n';
        afterReturn = into[i] == '\r';
        if (!second) {
          into[offset + kept++] = afterReturn ? '\n' : into[i];
        }
      }
    }
    return kept;
  }
}
