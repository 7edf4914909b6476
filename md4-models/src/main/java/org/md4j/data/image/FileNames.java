package org.md4j.data.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.md4j.data.BytePages;

/** Many names in little memory: their bytes and where each begins. */
final class FileNames {
  private final BytePages bytes = new BytePages();
  private long[] ends = new long[1024];
  private int size;

  void add(String name) {
    for (byte b : name.getBytes(UTF_8)) {
      bytes.append(b);
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
    }
    ends[size++] = bytes.size();
  }

  int size() {
    return size;
  }

  String get(int index) {
    long begin = index == 0 ? 0 : ends[index - 1];
    byte[] name = new byte[(int) (ends[index] - begin)];
    for (int i = 0; i < name.length; i++) {
      name[i] = (byte) bytes.get(begin + i);
    }
    return new String(name, UTF_8);
  }
}
