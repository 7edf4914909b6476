package org.md4j.zeroshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.Gpt2Tokenizer;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.zeroshot.EvaluationSet.Split;

class EvaluationTextTest {
  private static final Offset<Double> EXACT = within(1e-12);
  private static final Tokenizer GPT2 = new Gpt2Tokenizer();
  private static final int END = 50_256;

  @TempDir private Path folder;

  /** Tokens of GPT-2: "it's" 270, 338; a line end 198; "no" 3919; "yes" 8505. */
  @Test
  void examplesAreJoinedByEndsOfText() throws IOException {
    Path file = write("ptb.test.txt", " it 's \n no \n yes yes \n");

    EvaluationText text = EvaluationText.read(EvaluationSet.PENN_TREEBANK, file, GPT2, true);

    assertThat(tokens(text)).containsExactly(270, 338, END, 3919, END, 8505, 3763, END);
    assertThat(text.examples()).isEqualTo(3);
    assertThat(text.words()).isEqualTo(5);
    assertThat(text.bytes()).isEqualTo(Files.size(file));
    assertThat(text.tokens().tokenizer()).contains(GPT2.identity());
  }

  @Test
  void linesOfWikiTextKeepTheirEndsAndEmptyOnesAreExamples() throws IOException {
    Path file = write("wiki.test.raw", " \n it 's \n \n");

    EvaluationText text = EvaluationText.read(EvaluationSet.WIKITEXT2, file, GPT2, true);

    int[] line = GPT2.encode(" it's\n");
    assertThat(tokens(text))
        .containsExactly(
            IntStream.concat(
                    IntStream.concat(IntStream.of(END), IntStream.of(line)), IntStream.of(END, END))
                .toArray());
    assertThat(text.words()).isEqualTo(2);
    assertThat(text.bytes()).isEqualTo(Files.size(file));
  }

  @Test
  void passagesOfLambadaAreFieldsOfJson() throws IOException {
    Path file =
        write("lambada_test.jsonl", "{\"text\": \"no\\nyes\"}\n{\"text\": \"caf\u00e9\"}\n");

    EvaluationText text = EvaluationText.read(EvaluationSet.LAMBADA, file, GPT2, false);

    assertThat(text.examples()).isEqualTo(2);
    assertThat(text.words()).isEqualTo(3);
    assertThat(text.bytes()).isEqualTo(6 + 5);
    assertThat(GPT2.decode(tokens(text))).isEqualTo("no\nyes<|endoftext|>caf\u00e9<|endoftext|>");
  }

  /** 8 tokens, 5 words, 23 bytes; a token of 3 bits makes 24 bits in all. */
  @Test
  void costOfTokensIsThatOfWordsAndBytes() throws IOException {
    EvaluationText text =
        EvaluationText.read(
            EvaluationSet.PENN_TREEBANK,
            write("ptb.test.txt", " it 's \n no \n yes yes \n"),
            GPT2,
            true);

    assertThat(text.perplexityOfWord(3)).isCloseTo(Math.pow(2, 24 / 5.0), EXACT);
    assertThat(text.bitsPerByte(3)).isCloseTo(24.0 / text.bytes(), EXACT);
  }

  @Test
  void symbolsWithoutAnEndOfTextAreRefused() throws IOException {
    Path file = write("ptb.test.txt", "no\n");

    assertThatThrownBy(
            () ->
                EvaluationText.read(EvaluationSet.PENN_TREEBANK, file, new Text27Tokenizer(), true))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must have an end of text");
  }

  @Test
  void aFileOfNoFolderStandsForBothWikiTexts() throws IOException {
    Path bare = write("wiki.test.tokens", "a\n");

    assertThat(EvaluationSet.WIKITEXT2.find(folder, Split.TEST)).contains(bare);
    assertThat(EvaluationSet.WIKITEXT103.find(folder, Split.TEST)).contains(bare);
    assertThat(EvaluationSet.WIKITEXT2.find(folder, Split.VALIDATION)).isEmpty();
    assertThat(EvaluationSet.LAMBADA.find(folder, Split.TEST)).isEmpty();
  }

  @Test
  void folderAndRawTextAreTheOnesOfTheSet() throws IOException {
    Path two = write("wikitext-2-raw/wiki.test.raw", "two\n");
    Path words = write("wikitext-103/wiki.test.tokens", "tokens\n");

    assertThat(EvaluationSet.WIKITEXT2.find(folder, Split.TEST)).contains(two);
    assertThat(EvaluationSet.WIKITEXT103.find(folder, Split.TEST)).contains(words);

    Path raw = write("wikitext-103-raw/wiki.test.raw", "raw\n");
    assertThat(EvaluationSet.WIKITEXT103.find(folder, Split.TEST)).contains(raw);
  }

  @Test
  void setsMustBeAFolder() {
    assertThatThrownBy(() -> EvaluationSet.LAMBADA.find(folder.resolve("none"), Split.TEST))
        .hasMessageContaining("none) must be a folder");
  }

  @Test
  void bytesThatAreNoTextAreNamed() throws IOException {
    Path file = folder.resolve("ptb.test.txt");
    Files.write(file, new byte[] {'a', (byte) 0xFF, '\n'});

    assertThatThrownBy(() -> EvaluationText.read(EvaluationSet.PENN_TREEBANK, file, GPT2, true))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("byte 0xFF at position 1");
  }

  private static int[] tokens(EvaluationText text) {
    int[] tokens = new int[(int) text.tokens().length()];
    text.tokens().copy(0, tokens);
    return tokens;
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text, StandardCharsets.UTF_8);
  }
}
