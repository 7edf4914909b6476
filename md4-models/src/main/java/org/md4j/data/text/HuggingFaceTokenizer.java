package org.md4j.data.text;

import ai.djl.huggingface.tokenizers.Encoding;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.file.FailureText;
import org.md4j.file.JsonFailureText;

/**
 * A tokenizer in a file {@code tokenizer.json} as Hugging Face's libraries write it, of whatever
 * kind; also one that {@link BytePairTraining} learned. Needs {@code
 * ai.djl.huggingface:tokenizers}, which this library names as optional; it brings the original
 * implementation as native code, which it unpacks to {@code ~/.djl.ai}, or where the environment
 * variable {@code DJL_CACHE_DIR} says.
 *
 * <p>Encoding adds no special tokens and cuts nothing off. A special token written in a text, such
 * as {@code <|endoftext|>}, is that token, as it is for the original. What the file's normaliser
 * changes, letters made small say, does not come back from decoding. Decoding takes what stands
 * between two masks for a text of its own: kinds that leave out the space before the first word do
 * so after every mask.
 *
 * <p>DJL tells a server that it is in use unless the system property {@code OPT_OUT_TRACKING} is
 * true; the first tokenizer that is read sets the property so, if it is not set.
 */
public final class HuggingFaceTokenizer implements Tokenizer {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Names under which vocabularies have the end of a text. */
  private static final Set<String> ENDS =
      Set.of("<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>", "[EOS]", "<|eos|>");

  /** Turned on unless the user says otherwise: DJL else tells a server that it is in use. */
  private static final String OPT_OUT = "OPT_OUT_TRACKING";

  private final ai.djl.huggingface.tokenizers.HuggingFaceTokenizer tokenizer;
  private final Vocabulary vocabulary;
  private final TokenizerIdentity identity;
  private final OptionalInt endOfText;
  private final String blank;

  private HuggingFaceTokenizer(
      ai.djl.huggingface.tokenizers.HuggingFaceTokenizer tokenizer,
      Vocabulary vocabulary,
      TokenizerIdentity identity,
      OptionalInt endOfText,
      String blank) {
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.identity = identity;
    this.endOfText = endOfText;
    this.blank = blank;
    CLEANER.register(this, tokenizer::close);
  }

  /**
   * Reads a file; writes a mask as {@code _}.
   *
   * @throws DataException as {@link #read(Path, String)} does
   */
  public static HuggingFaceTokenizer read(Path file) {
    return read(file, "_");
  }

  /**
   * Reads a file. The vocabulary has as many values as the largest id in it says; the identity is
   * the hash of the file and its model's kind.
   *
   * @param blank how a mask is written, not empty; a template cannot hold it as text
   * @throws DataException if there is no such file, or it is no tokenizer
   */
  public static HuggingFaceTokenizer read(Path file, String blank) {
    if (blank.isEmpty()) {
      throw new IllegalArgumentException("blank must have at least one character, got none");
    }
    if (!Files.isRegularFile(file)) {
      throw new DataException("tokenizer file (" + file + ") must be an existing file");
    }
    try {
      byte[] content = Files.readAllBytes(file);
      JsonNode json = JSON.readTree(content);
      Vocabulary vocabulary = vocabulary(file, json);
      TokenizerIdentity identity =
          new TokenizerIdentity(
              "tokenizer.json, %s of %d"
                  .formatted(json.path("model").path("type").asText("a model"), vocabulary.size()),
              Sha256.of(content));
      return new HuggingFaceTokenizer(
          open(file, content), vocabulary, identity, endOfText(json), blank);
    } catch (JsonProcessingException e) {
      throw new DataException(
          "tokenizer file (%s) must be JSON: %s".formatted(file, JsonFailureText.of(e)), e);
    } catch (IOException e) {
      throw new DataException(
          "tokenizer file (%s) cannot be read: %s".formatted(file, FailureText.reason(e)), e);
    }
  }

  private static ai.djl.huggingface.tokenizers.HuggingFaceTokenizer open(Path file, byte[] content)
      throws IOException {
    if (System.getProperty(OPT_OUT) == null) {
      System.setProperty(OPT_OUT, "true");
    }
    try {
      return ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(
          new ByteArrayInputStream(content), Map.of("truncation", "false", "padding", "false"));
    } catch (NoClassDefFoundError e) {
      throw new DataException(
          "tokenizer file (%s) needs ai.djl.huggingface:tokenizers on the class path: add this dependency (%s)"
              .formatted(file, e.getMessage()),
          e);
    } catch (LinkageError e) {
      throw new DataException(
          "tokenizer file (%s) needs native code that cannot be loaded, is ~/.djl.ai writable? %s"
              .formatted(file, e.getCause() == null ? e.getMessage() : e.getCause().getMessage()),
          e);
    } catch (RuntimeException e) {
      // The native code reports what it does not understand as one of these.
      throw new DataException(
          "tokenizer file (%s) must be a tokenizer.json of Hugging Face, got %s"
              .formatted(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  private static Vocabulary vocabulary(Path file, JsonNode json) {
    int largest = -1;
    JsonNode values = json.path("model").path("vocab");
    if (values.isArray()) {
      largest = values.size() - 1; // Unigram: pairs of text and score, numbered by their place.
    }
    for (JsonNode id : values.isObject() ? values : JSON.createArrayNode()) {
      largest = Math.max(largest, id.asInt());
    }
    for (JsonNode added : json.path("added_tokens")) {
      largest = Math.max(largest, added.path("id").asInt());
    }
    if (largest < 0) {
      throw new DataException(
          "tokenizer file (%s) must have a vocabulary at model.vocab, got none".formatted(file));
    }
    return new Vocabulary(largest + 1);
  }

  private static OptionalInt endOfText(JsonNode json) {
    for (JsonNode added : json.path("added_tokens")) {
      if (ENDS.contains(added.path("content").asText())) {
        return OptionalInt.of(added.path("id").asInt());
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public TokenizerIdentity identity() {
    return identity;
  }

  /** True, as it is for nearly all such files. */
  @Override
  public boolean joinsSpaces() {
    return true;
  }

  @Override
  public OptionalInt endOfText() {
    return endOfText;
  }

  @Override
  public String blank() {
    return blank;
  }

  /**
   * Encodes a text.
   *
   * @throws DataException if half a surrogate pair stands alone, which UTF-8 cannot write
   */
  @Override
  public int[] encode(String text) {
    Surrogates.requireWhole(text);
    try {
      Encoding encoding = tokenizer.encode(text, false, false);
      return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
    } finally {
      Reference.reachabilityFence(this); // Else the cleaner may close what is in use.
    }
  }

  @Override
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] > vocabulary.maskId()) {
        throw new IllegalArgumentException(
            "token (" + tokens[i] + ") must be in 0.." + vocabulary.maskId());
      }
      if (tokens[i] == vocabulary.maskId()) {
        text.append(decode(tokens, from, i)).append(blank);
        from = i + 1;
      }
    }
    return text.append(decode(tokens, from, tokens.length)).toString();
  }

  private String decode(int[] tokens, int from, int to) {
    if (from == to) {
      return "";
    }
    try {
      return tokenizer.decode(Arrays.stream(tokens, from, to).asLongStream().toArray(), false);
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
