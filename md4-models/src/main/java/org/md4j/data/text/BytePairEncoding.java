package org.md4j.data.text;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.md4j.file.FileReplacement;

/**
 * A byte-pair encoding that {@link BytePairTraining} learned: the bytes are tokens 0 to 255, each
 * pair has the next id, and the end of text, {@code <|endoftext|>}, has the last.
 *
 * <p>Written as a {@code tokenizer.json} it is read by {@link HuggingFaceTokenizer} and by Hugging
 * Face's own libraries.
 */
public final class BytePairEncoding {
  static final int BYTES = 1 << Byte.SIZE;

  private static final String END_OF_TEXT = "<|endoftext|>";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes the same bytes on every system. */
  private static final ObjectWriter WRITER =
      JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

  /** The bytes of each token but the end of text. */
  private final List<byte[]> tokens;

  private final List<int[]> merges;

  private BytePairEncoding(List<byte[]> tokens, List<int[]> merges) {
    this.tokens = tokens;
    this.merges = merges;
  }

  /** Makes an encoding of pairs of tokens that come before them. */
  static BytePairEncoding of(List<int[]> merges) {
    List<byte[]> tokens = new ArrayList<>();
    for (int value = 0; value < BYTES; value++) {
      tokens.add(new byte[] {(byte) value});
    }
    for (int[] merge : merges) {
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.writeBytes(tokens.get(merge[0]));
      both.writeBytes(tokens.get(merge[1]));
      tokens.add(both.toByteArray());
    }
    return new BytePairEncoding(tokens, merges);
  }

  /** V, the number of tokens with the end of text. */
  public int size() {
    return tokens.size() + 1;
  }

  /** Returns the bytes of a token; none for the end of text. */
  byte[] bytes(int token) {
    return token == tokens.size() ? new byte[0] : tokens.get(token).clone();
  }

  /**
   * Writes a {@code tokenizer.json}; one that is there is replaced in one step. The same encoding
   * gives the same bytes.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    FileReplacement.write(file, json());
  }

  private String json() throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    root.putArray("added_tokens").add(endOfText());
    root.putNull("normalizer");
    root.set("pre_tokenizer", byteLevel());
    root.putNull("post_processor");
    root.set("decoder", byteLevel());
    ObjectNode model = root.putObject("model");
    model.put("type", "BPE");
    for (String none :
        List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
      model.putNull(none);
    }
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int token = 0; token < tokens.size(); token++) {
      vocabulary.put(written(token), token);
    }
    vocabulary.put(END_OF_TEXT, tokens.size());
    ArrayNode pairs = model.putArray("merges");
    for (int[] merge : merges) {
      pairs.add(written(merge[0]) + " " + written(merge[1]));
    }
    return WRITER.writeValueAsString(root) + "\n";
  }

  private ObjectNode endOfText() {
    ObjectNode added = JSON.createObjectNode();
    added.put("id", tokens.size());
    added.put("content", END_OF_TEXT);
    for (String property : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      added.put(property, false);
    }
    return added.put("special", true);
  }

  private static ObjectNode byteLevel() {
    ObjectNode level = JSON.createObjectNode();
    level.put("type", "ByteLevel");
    level.put("add_prefix_space", false);
    level.put("trim_offsets", true);
    return level.put("use_regex", true);
  }

  private String written(int token) {
    StringBuilder text = new StringBuilder();
    for (byte value : tokens.get(token)) {
      text.append(letterOf(value & 0xFF));
    }
    return text.toString();
  }

  /**
   * The letter that stands for a byte in such files: itself where it is a visible sign of Latin-1,
   * else the next of the letters from U+0100 on.
   *
   * <p>Source: {@code bytes_to_unicode} of GPT-2's encoder.py.
   */
  private static char letterOf(int value) {
    if (isVisible(value)) {
      return (char) value;
    }
    int before = 0;
    for (int other = 0; other < value; other++) {
      before += isVisible(other) ? 0 : 1;
    }
    return (char) (BYTES + before);
  }

  private static boolean isVisible(int value) {
    return (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
  }
}
