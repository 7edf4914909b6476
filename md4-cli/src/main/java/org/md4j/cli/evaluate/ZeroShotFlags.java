package org.md4j.cli.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.NameConverter;
import org.md4j.cli.terminal.CommandException;
import org.md4j.core.CounterRandom;
import org.md4j.core.Permutation;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.zeroshot.EvaluationSet;
import org.md4j.zeroshot.EvaluationSet.Split;
import picocli.CommandLine.Option;

/** The options that say which sets a run is measured on, and how. */
public final class ZeroShotFlags {
  private static final int LEAST_ROWS = 2;

  /** Which part of a set, as it is typed. */
  private enum Part {
    TEST,
    VALIDATION;

    @Override
    public String toString() {
      return FlagNames.spelled(this);
    }

    static final class Converter extends NameConverter<Part> {
      Converter() {
        super(Part.class);
      }
    }
  }

  @Option(
      names = "--sets",
      paramLabel = "FOLDER",
      required = true,
      description =
          "Where the sets are, as published, at most four folders deep: lambada_test.jsonl,"
              + " wiki.test.raw, ptb.test.txt, news.en.heldout-00000-of-00050 and what there is of the"
              + " others. What is missing is said.")
  private Path sets = Path.of("");

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "test",
      converter = Part.Converter.class,
      description = "Which part of the sets: test or validation. Default: ${DEFAULT-VALUE}.")
  private Part part = Part.TEST;

  @Option(
      names = "--raw",
      description =
          "Take the text as published, with the spaces and signs that divide it into words. Default:"
              + " take them out, as the literature does.")
  private boolean raw;

  @Option(
      names = "--draws",
      paramLabel = "COUNT",
      defaultValue = "4",
      description =
          "Numbers of masks of a row (times, where there are none), evenly spread; an ar run takes 1."
              + " Default: ${DEFAULT-VALUE}.")
  private int draws;

  @Option(
      names = "--rows",
      paramLabel = "COUNT",
      description = "Rows of each set at most, drawn by the seed. Default: all.")
  private @Nullable Integer rows;

  @Option(
      names = "--ngram-tokens",
      paramLabel = "COUNT",
      defaultValue = "" + BaselineResult.MOST_WORDS,
      description =
          "Tokens of the run's own training text that a unigram and a trigram model are made of, to"
              + " be compared with, of at most 170 bytes of memory each; 0 for none. Default:"
              + " ${DEFAULT-VALUE}.")
  private long ngramTokens;

  @Option(
      names = "--last-words",
      paramLabel = "COUNT",
      description =
          "Passages of LAMBADA whose last word is filled in at most; 0 for none. Default: all.")
  private @Nullable Integer lastWords;

  @Option(
      names = "--choices",
      paramLabel = "FILE",
      description =
          "Questions with endings to choose from, a JSON object a line with ctx, endings and label, as"
              + " those of HellaSwag. Default: none.")
  private @Nullable Path choices;

  @Option(
      names = "--questions",
      paramLabel = "COUNT",
      description = "Of them at most, the first ones. Default: all.")
  private @Nullable Integer questions;

  @Option(
      names = "--choice-draws",
      paramLabel = "COUNT",
      defaultValue = "32",
      description =
          "Numbers of masks of each ending; an ar run takes 1. Default: ${DEFAULT-VALUE}.")
  private int choiceDraws;

  @Option(
      names = "--confidence",
      paramLabel = "LEVEL",
      defaultValue = "0.95",
      description = "Of the intervals. Default: ${DEFAULT-VALUE}.")
  private double confidence;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Decides the rows and every mask. Default: ${DEFAULT-VALUE}.")
  private long seed;

  /** Checks every option, before anything is read. */
  public void check() {
    requireAtLeast("--draws", draws, 1);
    requireAtLeast("--choice-draws", choiceDraws, 1);
    requireAtLeast("--ngram-tokens", ngramTokens, 0);
    if (ngramTokens > Integer.MAX_VALUE) {
      throw new CommandException(
          "--ngram-tokens (%d) must be at most %d".formatted(ngramTokens, Integer.MAX_VALUE));
    }
    if (questions != null) {
      requireAtLeast("--questions", questions, 1);
      if (choices == null) {
        throw new CommandException("--questions is of no use without --choices: leave it out");
      }
    }
    if (rows != null) {
      requireAtLeast("--rows", rows, LEAST_ROWS);
    }
    if (lastWords != null) {
      requireAtLeast("--last-words", lastWords, 0);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new CommandException("--confidence (" + confidence + ") must be in (0, 1)");
    }
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new CommandException("%s (%d) must be at least %d".formatted(name, value, least));
    }
  }

  /**
   * Finds the files of the sets.
   *
   * @return those that are there, in the order of the sets
   * @throws CommandException if none is
   */
  public Map<EvaluationSet, List<Path>> files() {
    Map<EvaluationSet, List<Path>> files = new EnumMap<>(EvaluationSet.class);
    List<String> names = new ArrayList<>();
    for (EvaluationSet set : EvaluationSet.values()) {
      List<Path> found = set.find(sets, split());
      if (!found.isEmpty()) {
        files.put(set, found);
      }
      names.addAll(set.fileNames(split()));
    }
    if (files.isEmpty()) {
      throw new CommandException(
          "--sets (%s) must hold one of %s at least, got none"
              .formatted(sets, String.join(", ", names.stream().distinct().toList())));
    }
    return files;
  }

  /**
   * Takes the rows to measure.
   *
   * @throws CommandException if there are too few
   */
  RowSource chosen(RowSource all) {
    if (all.size() < LEAST_ROWS) {
      throw new CommandException(
          "%s must hold at least %d rows of %d tokens, got %d: use a longer set"
              .formatted(all.name(), LEAST_ROWS, all.length(), all.size()));
    }
    if (rows == null || rows >= all.size()) {
      return all;
    }
    Permutation order =
        new Permutation(all.size(), new CounterRandom(seed).uniforms(Purpose.ROW_ORDER, 0));
    long[] numbers = new long[rows];
    for (int row = 0; row < rows; row++) {
      numbers[row] = order.at(row);
    }
    return RowSource.of("%,d of %s".formatted(rows, all.name()), all.rows(numbers));
  }

  /** The folder of the sets. */
  public Path sets() {
    return sets;
  }

  /** The part of the sets. */
  public Split split() {
    return part == Part.TEST ? Split.TEST : Split.VALIDATION;
  }

  /** Whether signs put in to divide words are taken out. */
  boolean detokenised() {
    return !raw;
  }

  /** Draws of a row. */
  int draws() {
    return draws;
  }

  /** Tokens for the n-gram models; 0 for none. */
  public long ngramTokens() {
    return ngramTokens;
  }

  /** Passages to fill in at most. */
  int lastWords() {
    return lastWords == null ? Integer.MAX_VALUE : lastWords;
  }

  /** The questions to answer. */
  @Nullable Path choices() {
    return choices;
  }

  /** Questions to answer at most. */
  int questions() {
    return questions == null ? Integer.MAX_VALUE : questions;
  }

  /** Draws of an ending. */
  int choiceDraws() {
    return choiceDraws;
  }

  /** The level of the intervals. */
  double confidence() {
    return confidence;
  }

  /** The seed. */
  long seed() {
    return seed;
  }
}
