package org.md4j.fuzz;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages of files: what a bad disk, a broken download or a hostile hand makes of them. */
final class Damage {
  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xFFFFFFFFL,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final int MOST_DAMAGES = 4;

  private final SplittableRandom random;

  Damage(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Damages a file in one to four places. */
  byte[] of(byte[] file) {
    byte[] damaged = file;
    for (int i = random.nextInt(MOST_DAMAGES); i >= 0; i--) {
      damaged = once(damaged);
    }
    return damaged;
  }

  private byte[] once(byte[] file) {
    if (file.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(file.length);
    return switch (random.nextInt(7)) {
      case 0 -> Arrays.copyOf(file, at);
      case 1 -> flipped(file, at);
      case 2 -> number(file, at);
      case 3 -> without(file, at, Math.min(1 + random.nextInt(8), file.length - at));
      case 4 -> repeated(file, at, Math.min(1 + random.nextInt(64), file.length - at));
      case 5 -> exchanged(file, at, random.nextInt(file.length));
      default -> overwritten(file, at);
    };
  }

  private byte[] flipped(byte[] file, int at) {
    byte[] damaged = file.clone();
    damaged[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    return damaged;
  }

  /** Writes an extreme number of one to eight bytes, in either order of bytes. */
  private byte[] number(byte[] file, int at) {
    byte[] damaged = file.clone();
    long number = EXTREMES[random.nextInt(EXTREMES.length)];
    int width = 1 << random.nextInt(4);
    boolean little = random.nextBoolean();
    for (int i = 0; i < width && at + i < file.length; i++) {
      damaged[at + i] = (byte) (number >>> (Byte.SIZE * (little ? i : width - 1 - i)));
    }
    return damaged;
  }

  private static byte[] without(byte[] file, int at, int count) {
    byte[] damaged = Arrays.copyOf(file, file.length - count);
    System.arraycopy(file, at + count, damaged, at, damaged.length - at);
    return damaged;
  }

  private static byte[] repeated(byte[] file, int at, int count) {
    byte[] damaged = Arrays.copyOf(file, file.length + count);
    System.arraycopy(file, at, damaged, at + count, file.length - at);
    return damaged;
  }

  private static byte[] exchanged(byte[] file, int one, int other) {
    byte[] damaged = file.clone();
    damaged[one] = file[other];
    damaged[other] = file[one];
    return damaged;
  }

  private byte[] overwritten(byte[] file, int at) {
    byte[] damaged = file.clone();
    Arrays.fill(
        damaged, at, Math.min(file.length, at + 1 + random.nextInt(16)), (byte) random.nextInt());
    return damaged;
  }
}
