package org.md4j.zeroshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.md4j.data.DataException;
import org.md4j.data.TokenSequence;
import org.md4j.data.TokenSequenceBuilder;
import org.md4j.data.Tokenizer;

/**
 * An evaluation set as tokens: each example encoded by itself, an end of text after each, all
 * joined.
 *
 * <pre>{@code
 * EvaluationText text = EvaluationText.read(EvaluationSet.WIKITEXT2, List.of(file), tokenizer, true);
 * double bits = model.likelihood(text.tokens().chunks(1024)).toStandardError(0.01).bitsPerToken();
 * double perWord = text.perplexityOfWord(bits);
 * }</pre>
 *
 * <p>Bits a token depend on the tokenizer; the same cost divided by words or bytes of the published
 * text does not, so that models of different tokenizers can be compared. Ends of text are tokens
 * that cost something and are neither words nor bytes.
 *
 * <p>Deviation: the programs of SEDD and MDLM join a thousand examples at a time and drop what is
 * left over of each thousand, and those of MDLM put a row between a beginning and an end of text;
 * here, as in SEDD, rows have nothing added, all examples are joined and only the last rest is
 * dropped, by {@link TokenSequence#chunks}.
 *
 * @param set which one
 * @param files where it was read from
 * @param detokenised whether spaces and signs put in to divide words were taken out
 * @param tokens of all examples, ends of text among them; hashed over the tokens
 * @param examples how many there are
 * @param words pieces between white space in the text as published
 * @param bytes of the text as published, in UTF-8
 */
public record EvaluationText(
    EvaluationSet set,
    List<Path> files,
    boolean detokenised,
    TokenSequence tokens,
    long examples,
    long words,
    long bytes) {
  /** Copies the list of files. */
  public EvaluationText {
    files = List.copyOf(files);
  }

  /**
   * Reads and encodes a set.
   *
   * @param files as they are published, see {@link EvaluationSet#find}
   * @param tokenizer of the model; has an end of text
   * @param detokenised whether to take out spaces and signs put in to divide words, as the
   *     literature does
   * @throws DataException if the file cannot be used, or the tokenizer has no end of text
   */
  public static EvaluationText read(
      EvaluationSet set, List<Path> files, Tokenizer tokenizer, boolean detokenised) {
    OptionalInt end = tokenizer.endOfText();
    if (end.isEmpty()) {
      throw new DataException(
          "tokenizer (%s) must have an end of text, which stands between the examples of a set"
              .formatted(tokenizer.identity().name()));
    }
    List<String> examples = set.read(files);
    if (examples.isEmpty()) {
      throw new DataException(
          "%s (%s) must hold at least one example, got none"
              .formatted(set.title(), files.size() == 1 ? files.get(0) : files));
    }
    TokenSequenceBuilder tokens = TokenSequence.builder(tokenizer.vocabulary(), set.title());
    long words = 0;
    long bytes = 0;
    for (String example : examples) {
      tokens.appendAll(tokenizer.encode(set.example(example, detokenised)));
      tokens.append(end.getAsInt());
      words += example.isBlank() ? 0 : example.strip().split("\\s+").length;
      bytes += example.getBytes(UTF_8).length;
    }
    return new EvaluationText(
        set,
        files,
        detokenised,
        tokens.build().withTokenizer(tokenizer.identity()),
        examples.size(),
        words,
        bytes);
  }

  /**
   * Returns the perplexity of a word of the published text, {@code 2^(bits a token * tokens /
   * words)}.
   *
   * @param bitsPerToken mean cost of a token of this text
   */
  public double perplexityOfWord(double bitsPerToken) {
    return Math.pow(2, bitsPerToken * tokens.length() / words);
  }

  /**
   * Returns the cost of a byte of the published text, {@code bits a token * tokens / bytes}.
   *
   * @param bitsPerToken mean cost of a token of this text
   */
  public double bitsPerByte(double bitsPerToken) {
    return bitsPerToken * tokens.length() / bytes;
  }
}
