package org.md4j.zeroshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.md4j.data.DataException;
import org.md4j.data.text.Corpus;
import org.md4j.data.text.Passage;
import org.md4j.data.text.PassageReader;

/**
 * The five sets on which language models trained on other text are compared, in the order of the
 * paper's table.
 *
 * <p>A set is a list of examples: a passage of LAMBADA, a line of the others. Those of WikiText
 * keep their line end, and its empty lines are empty examples, as in the sets of Hugging Face that
 * other programs read.
 *
 * <p>WikiText2 and WikiText103 were published with the same text to validate and to test on, so a
 * file in no folder that names one of them stands for both.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, table 2; which files and line ends, the programs of SEDD and
 * MDLM, whose numbers the table holds or is compared with.
 */
public enum EvaluationSet {
  /** Passages whose last word a reader of the whole passage can guess; OpenAI's version. */
  LAMBADA("LAMBADA", "", "lambada_test.jsonl", ""),
  /** Articles of Wikipedia, two million words in all. */
  WIKITEXT2("WikiText2", "wikitext-2", "wiki.test.raw", "wiki.valid.raw"),
  /** The Wall Street Journal, with numbers and rare words replaced. */
  PENN_TREEBANK("PTB", "", "ptb.test.txt", "ptb.valid.txt"),
  /** Articles of Wikipedia, a hundred million words in all. */
  WIKITEXT103("WikiText103", "wikitext-103", "wiki.test.raw", "wiki.valid.raw"),
  /** Sentences of news; the first of the fifty held-out files. */
  ONE_BILLION_WORDS("1BW", "", "news.en.heldout-00000-of-00050", "");

  /** A part of a set that nothing is trained on. */
  public enum Split {
    /** The part that results are compared on. */
    TEST,
    /** The part for choices. */
    VALIDATION
  }

  private static final String RAW = ".raw";

  /** How deep in a folder the file of a set may lie. */
  private static final int DEPTH = 4;

  private final String title;
  private final String folder;
  private final String test;
  private final String validation;

  EvaluationSet(String title, String folder, String test, String validation) {
    this.title = title;
    this.folder = folder;
    this.test = test;
    this.validation = validation;
  }

  /** The name in tables. */
  public String title() {
    return title;
  }

  /** Whether it is WikiText, which has two names. */
  boolean isWikiText() {
    return this == WIKITEXT2 || this == WIKITEXT103;
  }

  /**
   * Returns the names of the file as it is published, the preferred first; none if the part was
   * never published.
   */
  public List<String> fileNames(Split split) {
    String name = split == Split.TEST ? test : validation;
    if (name.isEmpty()) {
      return List.of();
    }
    return name.endsWith(RAW)
        ? List.of(name, name.substring(0, name.length() - RAW.length()) + ".tokens")
        : List.of(name);
  }

  /**
   * Finds the file of a part in a folder or the folders in it.
   *
   * @throws DataException if the folder cannot be read
   */
  public Optional<Path> find(Path sets, Split split) {
    if (!Files.isDirectory(sets)) {
      throw new DataException("sets (" + sets + ") must be a folder");
    }
    try (Stream<Path> files = Files.walk(sets, DEPTH)) {
      List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
      return fileNames(split).stream()
          .flatMap(name -> all.stream().filter(file -> file.endsWith(name)))
          .filter(this::isMine)
          .min(Comparator.comparing(file -> !isInFolder(file)));
    } catch (IOException | UncheckedIOException e) {
      throw new DataException("sets (%s) cannot be read: %s".formatted(sets, e.getMessage()), e);
    }
  }

  /** Says whether a file is not in the folder of the set that shares its name. */
  private boolean isMine(Path file) {
    return Arrays.stream(values())
        .filter(other -> other != this && other.isWikiText())
        .noneMatch(other -> isWikiText() && other.isInFolder(file));
  }

  private boolean isInFolder(Path file) {
    Path parent = file.getParent();
    return !folder.isEmpty()
        && parent != null
        && parent.getFileName() != null
        && parent.getFileName().toString().toLowerCase(Locale.ROOT).startsWith(folder + "-");
  }

  /**
   * Reads the examples as they are published.
   *
   * @throws DataException naming what cannot be read, and where
   */
  List<String> read(Path file) {
    List<String> documents = new ArrayList<>();
    StringBuilder document = new StringBuilder();
    try (PassageReader reader = Corpus.of(List.of(file)).open()) {
      for (Passage next = reader.next(); next != null; next = reader.next()) {
        document.append(next.text());
        if (next.endsDocument()) {
          documents.add(document.toString());
          document.setLength(0);
        }
      }
    } catch (IOException e) {
      throw new DataException("%s (%s) cannot be read: %s".formatted(title, file, e), e);
    }
    return this == LAMBADA
        ? documents
        : documents.stream().flatMap(String::lines).map(line -> line + "\n").toList();
  }

  /**
   * Returns an example as it is encoded.
   *
   * @param published a passage, or a line with its end
   * @param detokenised whether spaces and signs that were put in to divide the text into words are
   *     taken out
   */
  String example(String published, boolean detokenised) {
    String text = published;
    if (isWikiText()) {
      text = published.isBlank() ? "" : published;
    } else if (this != LAMBADA) {
      text = published.strip();
    }
    return detokenised ? Detokenization.of(this).apply(text) : text;
  }
}
