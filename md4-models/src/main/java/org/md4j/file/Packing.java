package org.md4j.file;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;

/** What a file is packed with, told by its first bytes, whatever its name says. */
public enum Packing {
  /** One or more streams of gzip. */
  GZIP("1f8b08"),

  /** One or more streams of bzip2 that hold something. */
  BZIP2("425a68??314159265359"),

  /** Frames of Zstandard, which may begin with one that is to be skipped. */
  ZSTANDARD("28b52ffd|5?2a4d18"),

  /** A stream of xz. */
  XZ("fd377a585a00"),

  /** A zip archive of files. */
  ZIP("504b0304"),

  /** A zip archive without files. */
  EMPTY_ZIP("504b0506"),

  /** Nothing that is known here. */
  NONE("");

  private static final int MOST_BYTES = 10;
  private static final char ANY = '?';

  private final String beginning;

  /**
   * Says how files begin, in hex.
   *
   * @param beginning with question marks for digits that can be any, and a bar before another way
   */
  Packing(String beginning) {
    this.beginning = beginning;
  }

  /**
   * Tells what a stream is packed with.
   *
   * @param in at its beginning, where it is left
   */
  public static Packing of(BufferedInputStream in) throws IOException {
    in.mark(MOST_BYTES);
    String first = HexFormat.of().formatHex(in.readNBytes(MOST_BYTES));
    in.reset();
    return Arrays.stream(values())
        .filter(packing -> packing.begins(first))
        .findFirst()
        .orElse(NONE);
  }

  /** Tells what a file is packed with. */
  public static Packing of(Path file) throws IOException {
    try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return of(in);
    }
  }

  private boolean begins(String hex) {
    return Arrays.stream(beginning.split("\\|", -1)).anyMatch(way -> fits(way, hex));
  }

  private static boolean fits(String beginning, String hex) {
    return hex.length() >= beginning.length()
        && IntStream.range(0, beginning.length())
            .allMatch(i -> beginning.charAt(i) == ANY || beginning.charAt(i) == hex.charAt(i));
  }
}
