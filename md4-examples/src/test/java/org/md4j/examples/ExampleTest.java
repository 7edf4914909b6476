package org.md4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

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
  void learnsMeasuresAndWrites() throws IOException {
    Path novel = Path.of("novel.txt"); // where README's reader has it
    Files.writeString(novel, "it is a truth universally acknowledged ".repeat(2_000));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      Example.main(new String[0]);
    } finally {
      System.setOut(before);
      Files.delete(novel);
    }

    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(Double.parseDouble(lines.get(0).split(" ", 2)[0])).isBetween(0.0, UNTRAINED / 2);
    assertThat(lines.subList(1, 4))
        .allMatch(text -> text.matches("the [a-z ]{4} of the [a-z ]{8}"));
  }
}
