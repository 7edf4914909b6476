package org.md4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command whose memory ends says which, in one line. */
class OutOfMemoryTest {
  @Test
  void theJavaHeapIsNamedWithWhatToSet(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("run");

    try (CommandProcess md4 =
        CommandProcess.md4WithHeap(
            "24m", folder.resolve("printed"), "train", "text", "--steps=1", "--out=" + out)) {
      assertThat(md4.exitCode()).isEqualTo(1);
      assertThat(md4.printed().lines().filter(line -> line.startsWith("md4")))
          .singleElement()
          .asString()
          .startsWith("md4: the Java heap (")
          .containsPattern("set MD4_JAVA_OPTIONS=-Xmx\\d+m$");
      assertThat(md4.printed()).doesNotContain("\tat ");
    }
    assertThat(out).doesNotExist();
  }

  @Test
  void aPictureTooLargeForTheHeapIsLeftOutForThatReason(@TempDir Path folder) throws Exception {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    BufferedImage small = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 40; i++) {
      ImageIO.write(small, "png", pictures.resolve(i + ".png").toFile());
    }
    writeBlack(pictures.resolve("line.png"), 1 << 26, 1);
    writeBlack(pictures.resolve("scan.png"), 4000, 4000);

    try (CommandProcess md4 =
        CommandProcess.md4WithHeap(
            "96m",
            folder.resolve("printed"),
            "train",
            "image",
            "--data=" + pictures,
            "--crop",
            "--steps=1",
            "--batch=1",
            "--eval-rows=1",
            "--out=" + folder.resolve("run"))) {
      md4.await(() -> md4.printed().contains("left out"));
      assertThat(md4.printed().lines().filter(line -> line.contains("cannot be read")))
          .anyMatch(
              line ->
                  line.matches(
                      ".*line.png cannot be read: its 1x67,108,864 pixels need more than the"
                          + " Java heap of \\d+ MB: give Java more by -Xmx.*"))
          .anyMatch(line -> line.endsWith("1 of 42 images cannot be read and are left out"));
      assertThat(md4.printed()).doesNotContain("\tat ");
    }
  }

  /** Writes a black PNG without having it in memory. */
  private static void writeBlack(Path file, int width, int height) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
      byte[] piece = new byte[1 << 16];
      for (long left = height * (1 + 3L * width); left > 0; left -= piece.length) {
        deflater.write(piece, 0, (int) Math.min(left, piece.length));
      }
    }
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
      chunk(
          out,
          "IHDR",
          ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put((byte) 2).array());
      chunk(out, "IDAT", packed.toByteArray());
      chunk(out, "IEND", new byte[0]);
    }
  }

  private static void chunk(DataOutputStream out, String kind, byte[] data) throws IOException {
    byte[] named =
        ByteBuffer.allocate(4 + data.length)
            .put(kind.getBytes(StandardCharsets.US_ASCII))
            .put(data)
            .array();
    CRC32 checksum = new CRC32();
    checksum.update(named);
    out.writeInt(data.length);
    out.write(named);
    out.writeInt((int) checksum.getValue());
  }
}
