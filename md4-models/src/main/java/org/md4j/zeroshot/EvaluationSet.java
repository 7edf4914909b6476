package org.md4j.zeroshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.md4j.data.DataException;
import org.md4j.data.text.Corpus;
import org.md4j.data.text.Passage;
import org.md4j.data.text.PassageReader;
import org.md4j.file.FailureText;

/**
 * The five sets on which language models trained on other text are compared, in the order of the
 * paper's table.
 *
 * <p>A set is a list of examples: a passage of LAMBADA, a line of the others. Those of WikiText
 * keep their line end, and its empty lines are empty examples, as in the sets of Hugging Face that
 * other programs read.
 *
 * <p>WikiText2 and WikiText103 were published with the same raw text to validate and to test on, so
 * {@code wiki.test.raw} stands for both wherever it lies; their files of tokens are different, and
 * one in no folder that names its set is taken for WikiText2's.
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
  /** Sentences of news: as many of the fifty held-out files as are there. */
  ONE_BILLION_WORDS("1BW", "", "news.en.heldout-00000-of-00050", "");

  /** A part of a set that nothing is trained on. */
  public enum Split {
    /** The part that results are compared on. */
    TEST,
    /** The part for choices. */
    VALIDATION
  }

  private static final String RAW = ".raw";
  private static final Pattern HELD_OUT_NEWS =
      Pattern.compile("news\\.en\\.heldout-\\d{5}-of-00050");

  /** How deep in a folder the file of a set may lie. */
  private static final int DEPTH = 4;

  private static final int NOT_MINE = 3;

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
   * Finds the files of a part in a folder or those in it, four deep, links followed.
   *
   * @return one file, for {@link #ONE_BILLION_WORDS} all that are there; none if none is there
   * @throws DataException if the folder cannot be read
   */
  public List<Path> find(Path sets, Split split) {
    if (!Files.isDirectory(sets)) {
      throw new DataException("sets (" + sets + ") must be a folder");
    }
    try (Stream<Path> files = Files.walk(sets, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
      if (this == ONE_BILLION_WORDS) {
        return split == Split.VALIDATION
            ? List.of()
            : all.stream().filter(file -> HELD_OUT_NEWS.matcher(name(file)).matches()).toList();
      }
      return fileNames(split).stream()
          .flatMap(name -> all.stream().filter(file -> file.endsWith(name)))
          .filter(file -> rank(file) < NOT_MINE)
          .min(Comparator.comparingInt(this::rank))
          .stream()
          .toList();
    } catch (IOException e) {
      throw unreadable(sets, e);
    } catch (UncheckedIOException e) {
      throw unreadable(sets, Objects.requireNonNull(e.getCause()));
    }
  }

  private static DataException unreadable(Path sets, IOException cause) {
    return new DataException(
        "sets (%s) cannot be read: %s".formatted(sets, FailureText.of(cause)), cause);
  }

  /** Ranks how surely a file of the right name is this set's: 0 is the surest. */
  private int rank(Path file) {
    if (!isWikiText() || isInFolder(file)) {
      return 0;
    }
    boolean named = WIKITEXT2.isInFolder(file) || WIKITEXT103.isInFolder(file);
    boolean raw = file.toString().endsWith(RAW);
    if (!named) {
      return raw || this == WIKITEXT2 ? 1 : NOT_MINE;
    }
    return raw ? 2 : NOT_MINE;
  }

  private boolean isInFolder(Path file) {
    Path parent = file.getParent();
    String name = parent == null ? "" : name(parent).toLowerCase(Locale.ROOT);
    return name.equals(folder) || name.startsWith(folder + "-");
  }

  private static String name(Path path) {
    return path.getFileName() == null ? "" : path.getFileName().toString();
  }

  /**
   * Reads the examples as they are published.
   *
   * @throws DataException naming what cannot be read, and where
   */
  List<String> read(List<Path> files) {
    List<String> documents = new ArrayList<>();
    StringBuilder document = new StringBuilder();
    try (PassageReader reader = Corpus.of(files).open()) {
      for (Passage next = reader.next(); next != null; next = reader.next()) {
        document.append(next.text());
        if (next.endsDocument()) {
          documents.add(document.toString());
          document.setLength(0);
        }
      }
    } catch (IOException e) {
      throw new DataException(
          "%s (%s) cannot be read: %s".formatted(title, files, FailureText.reason(e)), e);
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
