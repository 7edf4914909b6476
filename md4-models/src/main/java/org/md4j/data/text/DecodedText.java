package org.md4j.data.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** Text put together from bytes of UTF-8 and blanks; bytes that are no UTF-8 become U+FFFD. */
final class DecodedText {
  private final String blank;
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  DecodedText(String blank) {
    this.blank = blank;
  }

  void add(int value) {
    bytes.write(value);
  }

  void add(byte[] values) {
    bytes.writeBytes(values);
  }

  /** Adds a mask; a letter whose bytes it parts is none. */
  void addBlank() {
    text.append(bytes.toString(UTF_8)).append(blank);
    bytes.reset();
  }

  @Override
  public String toString() {
    return text + bytes.toString(UTF_8);
  }
}
