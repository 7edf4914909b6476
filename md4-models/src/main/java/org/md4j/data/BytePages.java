package org.md4j.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Bytes that can be appended to and read at random; pages, so that growing copies nothing and a
 * text may be longer than an array.
 */
public final class BytePages {
  private static final int PAGE_BITS = 20;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;

  private final List<byte[]> pages = new ArrayList<>();
  private long size;

  public void append(int value) {
    int within = (int) (size & (PAGE_SIZE - 1));
    if (within == 0) {
      pages.add(new byte[PAGE_SIZE]);
    }
    pages.get(pages.size() - 1)[within] = (byte) value;
    size++;
  }

  public int get(long index) {
    return pages.get((int) (index >>> PAGE_BITS))[(int) (index & (PAGE_SIZE - 1))] & 0xFF;
  }

  public long size() {
    return size;
  }
}
