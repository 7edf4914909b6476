package org.md4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.models.contract.TokenizerContract;

class HuggingFaceTokenizerTest extends TokenizerContract {
  private static final String LEARNED_FROM =
      "some words and some more words, again and again ".repeat(4);

  @TempDir Path folder;

  @Override
  protected Tokenizer tokenizer() {
    return HuggingFaceTokenizer.read(learned());
  }

  private Path learned() {
    Path file = folder.resolve("tokenizer.json");
    BytePairTraining training = new BytePairTraining();
    training.add(LEARNED_FROM);
    try {
      training.learn(270).write(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  @Override
  protected List<String> texts() {
    return List.of("some words", " again\n", "caf\u00e9 \u4e2d \ud83d\ude00 \0", "  a_b  ");
  }

  @Override
  protected Map<String, Integer> unknown() {
    return Map.of("ab\ud83d", 2);
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("other.json"), content);
  }

  @Test
  void theIdentityNamesTheModelAndHasTheHashOfTheFile() throws IOException {
    Path file = learned();

    assertThat(HuggingFaceTokenizer.read(file).identity().name())
        .isEqualTo("tokenizer.json, BPE of 270");
    assertThat(HuggingFaceTokenizer.read(file).identity().sha256())
        .isEqualTo(Sha256.of(Files.readAllBytes(file)));
    assertThat(HuggingFaceTokenizer.read(file, "[?]").blank()).isEqualTo("[?]");
  }

  /** Of another kind: whole words, split at white space, none of which is unknown here. */
  @Test
  void readsOtherKindsOfModels() throws IOException {
    Path words =
        file(
            """
            {"version":"1.0","truncation":null,"padding":null,
             "added_tokens":[{"id":3,"content":"</s>","single_word":false,"lstrip":false,
               "rstrip":false,"normalized":false,"special":true}],
             "normalizer":{"type":"Lowercase"},"pre_tokenizer":{"type":"WhitespaceSplit"},
             "post_processor":null,"decoder":null,
             "model":{"type":"WordLevel","vocab":{"the":0,"cat":1,"[UNK]":2},"unk_token":"[UNK]"}}
            """);

    HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.read(words);

    assertThat(tokenizer.vocabulary().size()).isEqualTo(4);
    assertThat(tokenizer.endOfText()).hasValue(3);
    assertThat(tokenizer.encode("The cat the dog")).containsExactly(0, 1, 0, 2);
    assertThat(tokenizer.decode(new int[] {0, 4, 1})).isEqualTo("the_cat");
    assertThatThrownBy(() -> tokenizer.decode(new int[] {5}))
        .hasMessage("token (5) must be in 0..4");
  }

  @Test
  void aFileThatIsNoTokenizerIsNamed() throws IOException {
    assertThatThrownBy(() -> HuggingFaceTokenizer.read(folder.resolve("none.json")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "tokenizer file (%s) must be an existing file".formatted(folder.resolve("none.json")));
    assertThatThrownBy(() -> HuggingFaceTokenizer.read(file("{")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must be JSON")
        .satisfies(error -> assertThat(error.getMessage()).doesNotContain("\n"));
    assertThatThrownBy(() -> HuggingFaceTokenizer.read(file("{\"model\":{}}")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must have a vocabulary at model.vocab, got none");
    assertThatThrownBy(() -> HuggingFaceTokenizer.read(file("{\"model\":{\"vocab\":{\"a\":0}}}")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must be a tokenizer.json of Hugging Face, got ")
        .satisfies(error -> assertThat(error.getMessage()).doesNotContain("\n"));
  }
}
