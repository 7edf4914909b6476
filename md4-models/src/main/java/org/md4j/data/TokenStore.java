package org.md4j.data;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Tokens of one width in segments, which lie on the heap or in mapped files; every segment of a
 * file but its last has 2 to the power of {@code bits} tokens.
 *
 * <p>Nobody changes the segments any more, so that any number of threads may read.
 */
sealed interface TokenStore {
  /** The bits of arrays, which are one segment whatever their length. */
  int ONE_SEGMENT = 31;

  /** The number of tokens. */
  long size();

  /** The width of each. */
  TokenWidth width();

  /** The token at an index, in {@code [0, size)}; negative if it is an int that is. */
  int get(long index);

  /** Keeps an array, which is not copied. */
  static TokenStore of(byte[] tokens) {
    return new Bytes(List.of(ByteBuffer.wrap(tokens)), ONE_SEGMENT, tokens.length);
  }

  /** Keeps an array, which is not copied. */
  static TokenStore of(short[] tokens) {
    return new Shorts(List.of(ShortBuffer.wrap(tokens)), ONE_SEGMENT, tokens.length);
  }

  /** Keeps an array, which is not copied. */
  static TokenStore of(int[] tokens) {
    return new Ints(List.of(IntBuffer.wrap(tokens)), ONE_SEGMENT, tokens.length);
  }

  /**
   * Keeps segments of bytes.
   *
   * @param segments from position 0 on, in the order they are to be read in
   * @param bits of the number of tokens of each segment but the last
   * @param size the number of tokens in all
   */
  static TokenStore of(TokenWidth width, List<ByteBuffer> segments, int bits, long size) {
    return switch (width) {
      case BYTE -> new Bytes(segments, bits, size);
      case SHORT ->
          new Shorts(segments.stream().map(ByteBuffer::asShortBuffer).toList(), bits, size);
      case INT -> new Ints(segments.stream().map(ByteBuffer::asIntBuffer).toList(), bits, size);
    };
  }

  /**
   * Joins stores of one width, in their order.
   *
   * @param parts at least one; empty ones may be among them
   */
  static TokenStore join(List<TokenStore> parts) {
    long[] ends = new long[parts.size()];
    long size = 0;
    for (int part = 0; part < ends.length; part++) {
      size += parts.get(part).size();
      ends[part] = size;
    }
    return new Joined(List.copyOf(parts), ends);
  }

  private static int within(long index, int bits) {
    return (int) (index & ((1L << bits) - 1));
  }

  /** Tokens of one byte. */
  record Bytes(List<ByteBuffer> segments, int bits, long size) implements TokenStore {
    @Override
    public TokenWidth width() {
      return TokenWidth.BYTE;
    }

    @Override
    public int get(long index) {
      return Byte.toUnsignedInt(segments.get((int) (index >>> bits)).get(within(index, bits)));
    }
  }

  /** Tokens of two bytes. */
  record Shorts(List<ShortBuffer> segments, int bits, long size) implements TokenStore {
    @Override
    public TokenWidth width() {
      return TokenWidth.SHORT;
    }

    @Override
    public int get(long index) {
      return Short.toUnsignedInt(segments.get((int) (index >>> bits)).get(within(index, bits)));
    }
  }

  /** Tokens of four bytes. */
  record Ints(List<IntBuffer> segments, int bits, long size) implements TokenStore {
    @Override
    public TokenWidth width() {
      return TokenWidth.INT;
    }

    @Override
    public int get(long index) {
      return segments.get((int) (index >>> bits)).get(within(index, bits));
    }
  }

  /** Stores one after the other, each of which ends (exclusive) at an index of the whole. */
  record Joined(List<TokenStore> parts, long[] ends) implements TokenStore {
    @Override
    public long size() {
      return ends[ends.length - 1];
    }

    @Override
    public TokenWidth width() {
      return parts.get(0).width();
    }

    @Override
    public int get(long index) {
      int found = Arrays.binarySearch(ends, index);
      int part = found < 0 ? -found - 1 : found + 1;
      while (ends[part] == index) {
        part++; // Of parts that end alike all but the first are empty.
      }
      return parts.get(part).get(part == 0 ? index : index - ends[part - 1]);
    }
  }
}
