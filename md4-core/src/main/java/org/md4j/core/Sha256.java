package org.md4j.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Hashes content with SHA-256, the identity of data and of tokenizers. Content is added piece by
 * piece and {@link #hex} ends it; the static methods do both at once.
 */
public final class Sha256 {
  private static final int CHUNK = 1 << 16;
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private final MessageDigest digest = digest();

  /** Adds bytes. */
  public void add(byte[] content, int offset, int count) {
    digest.update(content, offset, count);
  }

  /** Adds the bytes that remain in a buffer, whose position moves to its limit. */
  public void add(ByteBuffer content) {
    digest.update(content);
  }

  /**
   * Adds a file by its name and the hash of its content, in hex: the line that {@code sha256sum}
   * prints of it. Of a set of files, {@code sha256sum a b | sha256sum} then gives the same.
   */
  public void addFile(String name, String sha256) {
    digest.update((sha256 + "  " + name + "\n").getBytes(UTF_8));
  }

  /** Returns the hash of what was added, as 64 hexadecimal digits, and begins anew. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns the hash of bytes, in hex. */
  public static String of(byte[] content) {
    return HexFormat.of().formatHex(digest().digest(content));
  }

  /** Returns the hash of the UTF-8 bytes of a text, in hex. */
  public static String of(String content) {
    return of(content.getBytes(UTF_8));
  }

  /** Returns the hash of a stream, which is read to its end and not closed, in hex. */
  public static String of(InputStream content) throws IOException {
    Sha256 hash = new Sha256();
    byte[] chunk = new byte[CHUNK];
    for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
      hash.add(chunk, 0, count);
    }
    return hash.hex();
  }

  /**
   * Returns a hash that was given, after a check that it can be one.
   *
   * @param name what it is called in the error
   * @param sha256 the hash, in hex
   * @throws IllegalArgumentException if it is not 64 lower-case hexadecimal digits
   */
  public static String requireHex(String name, String sha256) {
    if (!HEX.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          name + " (" + sha256 + ") must be 64 lower-case hexadecimal digits");
    }
    return sha256;
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
