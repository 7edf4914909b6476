package org.md4j.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The identity of data of several files: SHA-256 of the lines that {@code sha256sum} prints of
 * them, so that {@code sha256sum a b | sha256sum} gives the same.
 */
public final class Sha256 {
  private static final int CHUNK = 1 << 16;

  private final MessageDigest digest = digest();

  /** Adds a file: its name and the hash of its content, in hex. */
  public void add(String name, String sha256) {
    digest.update((sha256 + "  " + name + "\n").getBytes(UTF_8));
  }

  public String hex() {
    return hex(digest);
  }

  public static String of(byte[] content) {
    MessageDigest digest = digest();
    digest.update(content);
    return hex(digest);
  }

  /** Of a stream, read to its end. */
  public static String of(InputStream content) throws IOException {
    MessageDigest digest = digest();
    byte[] chunk = new byte[CHUNK];
    for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
      digest.update(chunk, 0, count);
    }
    return hex(digest);
  }

  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
