package org.md4j.zeroshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    EvaluationText text =
        EvaluationText.read(EvaluationSet.PENN_TREEBANK, List.of(file), GPT2, true);

    assertThat(tokens(text)).containsExactly(270, 338, END, 3919, END, 8505, 3763, END);
    assertThat(text.examples()).isEqualTo(3);
    assertThat(text.words()).isEqualTo(5);
    assertThat(text.bytes()).isEqualTo(Files.size(file));
    assertThat(text.tokens().tokenizer()).contains(GPT2.identity());
  }

  @Test
  void linesOfWikiTextKeepTheirEndsAndEmptyOnesAreExamples() throws IOException {
    Path file = write("wiki.test.raw", " \n it 's \n \n");

    EvaluationText text = EvaluationText.read(EvaluationSet.WIKITEXT2, List.of(file), GPT2, true);

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

    EvaluationText text = EvaluationText.read(EvaluationSet.LAMBADA, List.of(file), GPT2, false);

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
            List.of(write("ptb.test.txt", " it 's \n no \n yes yes \n")),
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
                EvaluationText.read(
                    EvaluationSet.PENN_TREEBANK, List.of(file), new Text27Tokenizer(), true))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must have an end of text");
  }

  @Test
  void rawTextOfNoFolderStandsForBothWikiTexts() throws IOException {
    Path bare = write("wiki.test.raw", "a\n");

    assertThat(find(EvaluationSet.WIKITEXT2)).containsExactly(bare);
    assertThat(find(EvaluationSet.WIKITEXT103)).containsExactly(bare);
    assertThat(EvaluationSet.WIKITEXT2.find(folder, Split.VALIDATION)).isEmpty();
    assertThat(find(EvaluationSet.LAMBADA)).isEmpty();
  }

  /** Rare words are replaced in the one and not in the other. */
  @Test
  void tokensStandForTheirOwnSetOnly() throws IOException {
    Path bare = write("wiki.test.tokens", "a\n");

    assertThat(find(EvaluationSet.WIKITEXT2)).containsExactly(bare);
    assertThat(find(EvaluationSet.WIKITEXT103)).isEmpty();

    Path many = write("wikitext-103/wiki.test.tokens", "b\n");
    assertThat(find(EvaluationSet.WIKITEXT2)).containsExactly(bare);
    assertThat(find(EvaluationSet.WIKITEXT103)).containsExactly(many);
  }

  @Test
  void foldersAreThoseOfTheArchives() throws IOException {
    Path many = write("wikitext-103/wiki.test.raw", "many\n");
    assertThat(find(EvaluationSet.WIKITEXT2)).containsExactly(many);

    Path two = write("wikitext-2/wiki.test.raw", "two\n");
    assertThat(find(EvaluationSet.WIKITEXT2)).containsExactly(two);
    assertThat(find(EvaluationSet.WIKITEXT103)).containsExactly(many);

    Path raw = write("wikitext-103-raw/wiki.test.raw", "raw\n");
    Files.delete(many);
    assertThat(find(EvaluationSet.WIKITEXT103)).containsExactly(raw);
  }

  @Test
  void everyFileOfNewsThatIsThereIsRead() throws IOException {
    Path third = write("news/news.en.heldout-00002-of-00050", "c\n");
    Path first = write("news/news.en.heldout-00000-of-00050", "a\nb\n");
    write("news/news.en-00001-of-00100", "of the training part\n");

    List<Path> found = find(EvaluationSet.ONE_BILLION_WORDS);
    assertThat(found).containsExactly(first, third);
    assertThat(EvaluationText.read(EvaluationSet.ONE_BILLION_WORDS, found, GPT2, true).examples())
        .isEqualTo(3);
  }

  @Test
  void linksAreFollowed() throws IOException {
    Path real = write("real/lambada_test.jsonl", "{\"text\": \"a b\"}\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), real.getParent());

    assertThat(EvaluationSet.LAMBADA.find(link, Split.TEST))
        .containsExactly(link.resolve("lambada_test.jsonl"));
  }

  @Test
  void setsMustBeAFolder() {
    assertThatThrownBy(() -> EvaluationSet.LAMBADA.find(folder.resolve("none"), Split.TEST))
        .hasMessageContaining("none) must be a folder");
  }

  @Test
  void aFileOfNothingIsNamed() throws IOException {
    Path file = write("lambada_test.jsonl", "");

    assertThatThrownBy(() -> EvaluationText.read(EvaluationSet.LAMBADA, List.of(file), GPT2, true))
        .isInstanceOf(DataException.class)
        .hasMessage("LAMBADA (%s) must hold at least one example, got none", file);
  }

  @Test
  void bytesThatAreNoTextAreNamed() throws IOException {
    Path file = folder.resolve("ptb.test.txt");
    Files.write(file, new byte[] {'a', (byte) 0xFF, '\n'});

    assertThatThrownBy(
            () -> EvaluationText.read(EvaluationSet.PENN_TREEBANK, List.of(file), GPT2, true))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("byte 0xFF at position 1");
  }

  private List<Path> find(EvaluationSet set) {
    return set.find(folder, Split.TEST);
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
