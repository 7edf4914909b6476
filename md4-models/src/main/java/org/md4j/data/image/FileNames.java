package org.md4j.data.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Many names in little memory: their bytes, one after the other, and where each ends. */
final class FileNames {
  private byte[] bytes = new byte[1024];
  private int[] ends = new int[1024];
  private int size;

  void add(String name) {
    byte[] added = name.getBytes(UTF_8);
    int begin = begin(size);
    int end = Math.addExact(begin, added.length);
    if (end > bytes.length) {
      // By a half more, and never beyond the largest array.
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, end + end / 2L));
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
    }
    System.arraycopy(added, 0, bytes, begin, added.length);
    ends[size++] = end;
  }

  int size() {
    return size;
  }

  String get(int index) {
    int begin = begin(index);
    return new String(bytes, begin, ends[index] - begin, UTF_8);
  }

  private int begin(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }
}
