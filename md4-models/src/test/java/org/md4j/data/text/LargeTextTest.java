package org.md4j.data.text;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.core.Sha256;
import org.md4j.data.TokenSequence;

/** A text of several times the heap is read, drawn rows from, and leaves nothing behind. */
@Tag("slow")
class LargeTextTest {
  private static final int HEAP_MEGABYTES = 24;
  private static final int TIMES = 4;
  private static final String PIECE = "a text of letters and spaces that goes on and on ";
  private static final int PIECES = TIMES * (HEAP_MEGABYTES << 20) / PIECE.length();
  private static final int MINUTES = 5;
  private static final int PROBES = 1_000;

  /** Reads a file and prints what it found; in a Java machine with little memory. */
  public static void main(String[] arguments) {
    TokenSequence text = TextFile.read(Path.of(arguments[0]));
    int[] piece = new int[PIECE.length()];
    boolean same = true;
    for (int probe = 0; probe < PROBES; probe++) {
      text.copy(text.length() / PROBES * probe / PIECE.length() * PIECE.length(), piece);
      same &= new Text27Tokenizer().decode(piece).equals(PIECE);
    }
    System.out.print(text.length() + " " + text.sha256() + " " + same);
  }

  @Test
  void aTextOfSeveralTimesTheHeapIsRead(@TempDir Path folder) throws Exception {
    Path file = write(folder.resolve("text.txt"));
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    Path printed = folder.resolve("printed");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-Djava.io.tmpdir=" + scratch,
                "-cp",
                System.getProperty("java.class.path"),
                LargeTextTest.class.getName(),
                file.toString())
            .redirectError(folder.resolve("log").toFile())
            .redirectOutput(printed.toFile())
            .start();

    try {
      assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    try (InputStream content = Files.newInputStream(file)) {
      assertThat(printed).hasContent("%d %s true".formatted(Files.size(file), Sha256.of(content)));
    }
    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left).isEmpty();
    }
  }

  private static Path write(Path file) throws IOException {
    byte[] piece = PIECE.getBytes(US_ASCII);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < PIECES; i++) {
        out.write(piece);
      }
    }
    return file;
  }
}
