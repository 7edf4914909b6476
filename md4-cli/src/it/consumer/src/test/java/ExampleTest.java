import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExampleTest {
  /** Entropy of 27 equally likely symbols in bits: what an untrained network costs. */
  private static final double UNTRAINED = Math.log(27) / Math.log(2);

  @Test
  void learnsAndWrites() throws IOException {
    Files.writeString(Path.of("novel.txt"), "it is a truth universally acknowledged ".repeat(500));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      Example.main(new String[0]);
    } finally {
      System.setOut(before);
    }

    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(2, lines.size(), () -> String.join("\n", lines));
    assertTrue(Double.parseDouble(lines.get(0).split(" ")[0]) < UNTRAINED / 2, lines.get(0));
    assertTrue(lines.get(1).matches("[a-z ]{64}"), lines.get(1));
  }
}
