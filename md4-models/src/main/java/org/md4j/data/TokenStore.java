package org.md4j.data;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.List;

/**
 * Tokens of one width in segments, which lie on the heap or in a mapped file; every segment but the
 * last has 2 to the power of {@code bits} tokens.
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
}
