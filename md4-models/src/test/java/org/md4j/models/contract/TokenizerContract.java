package org.md4j.models.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;

/**
 * What every {@link Tokenizer} promises. A tokenizer of your own is held to it by
 *
 * <pre>
 *   class MyTokenizerTest extends TokenizerContract {
 *     &#64;Override
 *     protected Tokenizer tokenizer() {
 *       return new MyTokenizer();
 *     }
 *
 *     &#64;Override
 *     protected List&lt;String&gt; texts() {
 *       return List.of("what it must know", "and this");
 *     }
 *
 *     &#64;Override
 *     protected Map&lt;String, Integer&gt; unknown() {
 *       return Map.of("a text it must refuse", 2); // The symbol it does not know is at position 2.
 *     }
 *   }
 * </pre>
 */
public abstract class TokenizerContract {
  /** The tokenizer under test; a new one each call. */
  protected abstract Tokenizer tokenizer();

  /** Texts it must know, at least one of them not empty; some with many of its symbols. */
  protected abstract List<String> texts();

  /** Texts it must refuse, each with the position of the symbol it does not know; perhaps none. */
  protected abstract Map<String, Integer> unknown();

  @Test
  protected final void decodingUndoesEncoding() {
    for (String text : texts()) {
      assertThat(tokenizer().decode(tokenizer().encode(text))).isEqualTo(text);
    }
  }

  @Test
  protected final void everyIdIsARealTokenAndNoneTheMask() {
    Tokenizer tokenizer = tokenizer();
    for (String text : texts()) {
      assertThat(Arrays.stream(tokenizer.encode(text)))
          .as(text)
          .allMatch(id -> id >= 0 && id < tokenizer.vocabulary().size());
    }
  }

  @Test
  protected final void theEmptyTextHasNoTokens() {
    assertThat(tokenizer().encode("")).isEmpty();
    assertThat(tokenizer().decode(new int[0])).isEmpty();
  }

  @Test
  protected final void encodingIsTheSameEveryTimeAndForEveryInstance() {
    Tokenizer tokenizer = tokenizer();
    for (String text : texts()) {
      int[] ids = tokenizer.encode(text);
      assertThat(tokenizer.encode(text)).isEqualTo(ids);
      assertThat(tokenizer().encode(text)).isEqualTo(ids);
    }
  }

  @Test
  protected final void identityAndVocabularyAreThoseOfTheRules() {
    assertThat(tokenizer().identity()).isEqualTo(tokenizer().identity());
    assertThat(tokenizer().vocabulary()).isEqualTo(tokenizer().vocabulary());
  }

  @Test
  protected final void aStreamHasTheTokensOfTheText() throws IOException {
    for (String text : texts()) {
      IntStream.Builder ids = IntStream.builder();
      tokenizer().encode("text", new ByteArrayInputStream(text.getBytes(UTF_8)), ids::add);
      assertThat(ids.build().toArray()).as(text).isEqualTo(tokenizer().encode(text));
    }
  }

  @Test
  protected final void anUnknownSymbolIsNamedWithItsPosition() {
    unknown()
        .forEach(
            (text, position) ->
                assertThatThrownBy(() -> tokenizer().encode(text))
                    .as(text)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("position " + position));
  }

  @Test
  protected final void decodingWritesAMaskAsABlank() {
    Tokenizer tokenizer = tokenizer();
    int mask = tokenizer.vocabulary().maskId();
    assertThat(tokenizer.blank()).isNotEmpty();
    for (String text : texts()) {
      int[] ids = tokenizer.encode(text);
      int[] before = Arrays.copyOf(new int[] {mask}, ids.length + 1);
      System.arraycopy(ids, 0, before, 1, ids.length);
      assertThat(tokenizer.decode(before)).isEqualTo(tokenizer.blank() + text);
    }
    assertThat(tokenizer.decode(new int[] {mask, mask})).isEqualTo(tokenizer.blank().repeat(2));
  }

  @Test
  protected final void decodingLeavesItsArgumentAsItIs() {
    for (String text : texts()) {
      int[] ids = tokenizer().encode(text);
      int[] copy = ids.clone();
      tokenizer().decode(ids);
      assertThat(ids).isEqualTo(copy);
    }
  }

  @Test
  protected final void idsOutsideTheVocabularyAreRefused() {
    int mask = tokenizer().vocabulary().maskId();
    for (int id : new int[] {-1, mask + 1}) {
      assertThatThrownBy(() -> tokenizer().decode(new int[] {id}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("(" + id + ")");
    }
  }
}
