package org.md4j.data.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.md4j.data.DataException;
import org.md4j.data.TokenSequence;
import org.md4j.data.TokenSequenceBuilder;
import org.md4j.data.Tokenizer;
import org.md4j.file.FailureText;

/**
 * Documents of text, of any number and size, read passage by passage as often as wanted and always
 * in the same order.
 */
public interface Corpus {
  /** The field of a line of JSON that holds the text, unless another is named. */
  String USUAL_FIELD = "text";

  /**
   * Returns the documents in files, as {@link #of(List, String)} does with the field {@value
   * #USUAL_FIELD}.
   */
  static Corpus of(List<Path> paths) {
    return of(paths, USUAL_FIELD);
  }

  /**
   * Returns the documents in files, in the order of the paths; of a folder, those of all files in
   * it and its folders, by name. What a file holds is told by its name:
   *
   * <ul>
   *   <li>{@code .jsonl}, {@code .ndjson}, {@code .json}: an object a line, a document each
   *   <li>{@code .xml}: a dump of MediaWiki, a document an article, without its markup; redirects
   *       and pages about articles are left out
   *   <li>any other: plain text, one document, with line ends as {@code \n}
   * </ul>
   *
   * <p>A long plain text is read in passages, which are encoded one by one: at places where byte
   * pairs end anyway, but a tokenizer that puts a sign before a text puts one before each. Names
   * are told apart whatever their case. All files may be packed, which another {@code .gz}, {@code
   * .bz2} or {@code .zst} says; the last needs {@code com.github.luben:zstd-jni}, which this
   * library names as optional. Text is UTF-8, or UTF-16 with a byte order mark.
   *
   * @param paths files, folders, or patterns of names such as {@code data/*.jsonl}
   * @param field of a line of JSON, which holds the text
   * @throws DataException if a path leads to no file
   */
  static Corpus of(List<Path> paths, String field) {
    return CorpusFiles.of(paths, field);
  }

  /** The name by which reports call these documents. */
  String name();

  /**
   * The SHA-256 of names and sizes of the files and of what is read of them, in hex; not of what
   * they hold.
   */
  String sha256();

  /** The bytes of all files as they are stored, packed or not. */
  long size();

  /** Begins to read at the first passage. */
  PassageReader open() throws IOException;

  /**
   * Reads all documents into memory as tokens, the tokenizer's end of text after each, if it has
   * one; {@link CorpusPreparation} is for more than memory holds.
   *
   * @return hashed over the tokens
   * @throws DataException if the text cannot be used or there is none
   */
  default TokenSequence tokens(Tokenizer tokenizer) {
    TokenSequenceBuilder tokens = TokenSequence.builder(tokenizer.vocabulary(), name());
    try (PassageReader reader = open()) {
      for (Passage next = reader.next(); next != null; next = reader.next()) {
        tokens.appendAll(tokenizer.encode(next.text()));
        if (next.endsDocument()) {
          tokenizer.endOfText().ifPresent(tokens::append);
        }
      }
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s".formatted(name(), FailureText.reason(e)), e);
    }
    return tokens.build().withTokenizer(tokenizer.identity());
  }
}
