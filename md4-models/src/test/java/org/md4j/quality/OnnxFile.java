package org.md4j.quality;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes ONNX's protocol buffers, field by field. */
final class OnnxFile {
  private OnnxFile() {}

  /** A tensor. */
  static byte[] value(String name, int type, byte[] batch, int... sizes) throws IOException {
    byte[] shape = bytes(1, batch);
    for (int size : sizes) {
      shape = join(shape, bytes(1, number(1, size)));
    }
    return join(text(1, name), bytes(2, bytes(1, join(number(1, type), bytes(2, shape)))));
  }

  static byte[] number(int field, int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(field << 3);
    varint(out, value);
    return out.toByteArray();
  }

  static byte[] text(int field, String value) throws IOException {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] bytes(int field, byte[] value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write((field << 3) | 2);
    varint(out, value.length);
    out.write(value);
    return out.toByteArray();
  }

  static byte[] join(byte[]... parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest > 127) {
      out.write((rest & 127) | 128);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
