package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What made the tokens, in the checkpoint of a run. */
class CheckpointTokenizerTest {
  private static final TokenizerIdentity TEXT27 = new Text27Tokenizer().identity();
  private static final Letters LETTERS = new Letters("ab");

  @TempDir private Path folder;

  /** A tokenizer of a user's own: a symbol is its place in a string. */
  private record Letters(String symbols) implements Tokenizer {
    @Override
    public Vocabulary vocabulary() {
      return new Vocabulary(symbols.length());
    }

    @Override
    public TokenizerIdentity identity() {
      return new TokenizerIdentity("letters " + symbols, "c".repeat(64));
    }

    @Override
    public int[] encode(String text) {
      return text.chars().map(symbols::indexOf).toArray();
    }

    @Override
    public String decode(int[] tokens) {
      StringBuilder text = new StringBuilder();
      for (int token : tokens) {
        text.append(symbols.charAt(token));
      }
      return text.toString();
    }
  }

  @Test
  void theTokenizerIsFoundByWhatTheFileHolds() {
    assertThat(written(Optional.of(TEXT27)).tokenizer(CheckpointTypes.standard()))
        .containsInstanceOf(Text27Tokenizer.class);
    assertThat(
            written(Optional.of(LETTERS.identity()))
                .tokenizer(CheckpointTypes.standard().withTokenizer(LETTERS)))
        .contains(LETTERS);
    assertThat(written(Optional.empty()).tokenizer(CheckpointTypes.standard())).isEmpty();
  }

  @Test
  void theIdentityComesBackAsItWas() {
    assertThat(written(Optional.of(TEXT27)).data().tokenizer()).contains(TEXT27);
    assertThat(written(Optional.empty()).data().tokenizer()).isEmpty();
  }

  @Test
  void aTokenizerThatIsNotRegisteredIsRefusedInOneLineThatSaysHow() {
    Checkpoint checkpoint = written(Optional.of(LETTERS.identity()));

    assertThatThrownBy(() -> checkpoint.tokenizer(CheckpointTypes.standard()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(
            "tokenizer (letters ab, SHA-256 cccccccccccc...) must be registered")
        .hasMessageContaining("withTokenizer(")
        .hasMessageContaining(TEXT27.name())
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    CheckpointTypes types = CheckpointTypes.standard().withTokenizer(LETTERS);
    assertThatThrownBy(() -> types.withTokenizer(new Letters("ab")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be new");
  }

  @Test
  void dataOfAnotherTokenizerIsRefusedInOneLineThatNamesBoth() {
    Checkpoint checkpoint = written(Optional.of(TEXT27));

    assertThatThrownBy(() -> checkpoint.requireTokenizer(data(Optional.of(LETTERS.identity()))))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("its tokenizer is " + TEXT27.name())
        .hasMessageContaining("this run's is letters ab")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThatThrownBy(() -> checkpoint.requireTokenizer(data(Optional.empty())))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("this run's is none");
    assertThatCode(() -> checkpoint.requireTokenizer(data(Optional.of(TEXT27))))
        .doesNotThrowAnyException();
  }

  @Test
  void aFileFromBeforeTokenizersWereKeptGoesOnWithAny() {
    Checkpoint old = written(Optional.empty());

    assertThatCode(() -> old.requireTokenizer(data(Optional.of(TEXT27))))
        .doesNotThrowAnyException();
    assertThatCode(() -> old.requireTokenizer(data(Optional.empty()))).doesNotThrowAnyException();
  }

  private Checkpoint written(Optional<TokenizerIdentity> tokenizer) {
    INDArray array = Nd4j.ones(5);
    Path file = folder.resolve("checkpoint.md4");
    new Checkpoint(
            TransformerConfig.builder(27, 8).layers(1).heads(1).headSize(4).build(),
            new ContinuousTimeElbo(MaskingSchedule.linear()),
            TrainerConfig.builder(100, 4, 1e-3).build(),
            1,
            BestEvaluation.NONE,
            data(tokenizer),
            "0.0-test",
            new OptimizerState(array, array, array, array),
            null)
        .write(file, CheckpointTypes.standard());
    return Checkpoint.read(file);
  }

  private static DataIdentity data(Optional<TokenizerIdentity> tokenizer) {
    return new DataIdentity("text, windows of 8", "ab12", 8, 93, tokenizer);
  }
}
