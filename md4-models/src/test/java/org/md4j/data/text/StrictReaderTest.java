package org.md4j.data.text;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.md4j.data.DataException;

class StrictReaderTest {
  private static final String TEXT = "caf\u00e9 \u4e2d \ud83d\ude00.\r\n";

  /** Gives a few bytes at a time, so that letters are cut. */
  private static InputStream inBits(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int offset, int count) {
        return super.read(into, offset, Math.min(count, 1));
      }
    };
  }

  private static String read(byte[] bytes) throws IOException {
    StringWriter text = new StringWriter();
    new StrictReader("x.txt", inBits(bytes)).transferTo(text);
    return text.toString();
  }

  private static byte[] marked(Charset charset, String text) {
    return ("\ufeff" + text).getBytes(charset);
  }

  @Test
  void readsUtf8WithAMarkOrWithout() throws IOException {
    assertThat(read(TEXT.getBytes(UTF_8))).isEqualTo(TEXT);
    assertThat(read(marked(UTF_8, TEXT))).isEqualTo(TEXT);
    assertThat(read(new byte[0])).isEmpty();
    assertThat(read("\ufeff".getBytes(UTF_8))).isEmpty();
    assertThat(read(new byte[] {'a'})).isEqualTo("a");
  }

  @Test
  void readsUtf16WithAMark() throws IOException {
    assertThat(read(marked(UTF_16LE, TEXT))).isEqualTo(TEXT);
    assertThat(read(marked(UTF_16BE, TEXT))).isEqualTo(TEXT);
  }

  @Test
  void aByteThatIsNoUtf8IsNamedWithItsPosition() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(marked(UTF_8, "\u00e9".repeat(100_000)));
    int position = bytes.size();
    bytes.write(0xE9);
    bytes.write(' ');

    assertThatThrownBy(() -> read(bytes.toByteArray()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "x.txt must be UTF-8, or UTF-16 with a byte order mark, got the byte 0xE9 at position "
                + position);
  }

  @Test
  void aLetterCutAtTheEndIsNamed() {
    assertThatThrownBy(() -> read(new byte[] {'a', (byte) 0xC3}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("got the byte 0xC3 at position 1");
    assertThatThrownBy(() -> read(new byte[] {(byte) 0xFF, (byte) 0xFE, 'a'}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("at position 2");
  }
}
