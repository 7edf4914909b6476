package org.md4j.zeroshot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.diffusion.Fit;
import org.md4j.likelihood.Proportion;
import org.md4j.sampling.AutoregressiveSampler;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.DrawnRows;
import org.md4j.sampling.LogitFilter;
import org.md4j.sampling.OrderedSampler;
import org.md4j.sampling.RevealOrder;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.TimeGrid;
import org.md4j.sampling.ToldTime;

/**
 * The last words of passages, to be filled in: LAMBADA's task.
 *
 * <pre>{@code
 * LastWords words = LastWords.read(file, 5_153, tokenizer, 1024, true);
 * DrawnRows drawn =
 *     new RowSampling(LastWords.sampler(fit), tokenizer.vocabulary(), words.starts(), 0).draw(denoiser);
 * Proportion right = words.right(drawn);
 * }</pre>
 *
 * <p>A row is an end of text, the passage without its last word, and a blank for each token of the
 * word, nothing after it: the model is told how many tokens the word has. Of a long passage the
 * last N tokens are kept. The word is right if all of its tokens are the published ones.
 *
 * <p>Source of the task: Paperno et al., arXiv 1606.06031.
 *
 * @param starts rows with blanks at their ends, at most N tokens each
 * @param answers the tokens of the last word of each row
 */
public record LastWords(List<int[]> starts, List<int[]> answers) {
  /** The steps of the sampler; longer words than this many tokens have some revealed together. */
  private static final int STEPS = 64;

  /** Copies the lists. */
  public LastWords {
    starts = List.copyOf(starts);
    answers = List.copyOf(answers);
    if (starts.size() != answers.size()) {
      throw new IllegalArgumentException(
          "answers must be one a start (%d), got %d".formatted(starts.size(), answers.size()));
    }
  }

  /**
   * Reads passages.
   *
   * @param file LAMBADA's as it is published
   * @param most passages taken at most, the first ones
   * @param tokenizer of the model
   * @param length N, the longest row
   * @param detokenised whether quotes are made straight, as the literature does
   * @throws DataException if the file cannot be used, or one of these passages
   */
  public static LastWords read(
      Path file, int most, Tokenizer tokenizer, int length, boolean detokenised) {
    List<String> passages =
        EvaluationSet.LAMBADA.read(List.of(file)).stream()
            .limit(most)
            .map(passage -> EvaluationSet.LAMBADA.example(passage, detokenised))
            .toList();
    return of(passages, tokenizer, length);
  }

  /**
   * Takes passages.
   *
   * @param passages at least two words each
   * @param tokenizer of the model
   * @param length N, the longest row
   * @throws DataException naming a passage without a last word, or one whose word alone is longer
   *     than N
   */
  public static LastWords of(List<String> passages, Tokenizer tokenizer, int length) {
    List<int[]> starts = new ArrayList<>();
    List<int[]> answers = new ArrayList<>();
    for (int i = 0; i < passages.size(); i++) {
      String passage = passages.get(i).strip();
      int begin = beginOfLastWord(passage);
      if (begin == 0) {
        throw new DataException(
            "passage %d must have a word before its last, got %s".formatted(i + 1, passage));
      }
      // A space is a part of the word's first token; a line end is not.
      int split = passage.charAt(begin - 1) == ' ' ? begin - 1 : begin;
      int[] answer = tokenizer.encode(passage.substring(split));
      if (answer.length >= length) {
        throw new DataException(
            "last word of passage %d must be shorter than a row of %d tokens, got %d"
                .formatted(i + 1, length, answer.length));
      }
      int[] given = tokenizer.encode(passage.substring(0, split));
      OptionalInt end = tokenizer.endOfText();
      IntStream whole =
          IntStream.concat(
              end.isPresent() ? IntStream.of(end.getAsInt()) : IntStream.empty(),
              Arrays.stream(given));
      int[] row = IntStream.concat(whole, blanks(tokenizer, answer.length)).toArray();
      starts.add(Arrays.copyOfRange(row, Math.max(0, row.length - length), row.length));
      answers.add(answer);
    }
    return new LastWords(starts, answers);
  }

  /** The index of the last word; 0 if there is no other. */
  private static int beginOfLastWord(String passage) {
    int begin = passage.length();
    while (begin > 0 && !Character.isWhitespace(passage.charAt(begin - 1))) {
      begin--;
    }
    return begin;
  }

  private static IntStream blanks(Tokenizer tokenizer, int count) {
    return IntStream.generate(tokenizer.vocabulary()::maskId).limit(count);
  }

  /**
   * Returns the sampler that takes the likeliest token each time: the surest position of the word
   * first, one at a time; from left to right for autoregressive models; in the order of the model's
   * own sampler where every token has its own schedule.
   *
   * @param fit what fits the objective of the model
   */
  public static ReverseSampler sampler(Fit fit) {
    LogitFilter likeliest = LogitFilter.topK(1);
    TimeGrid grid = TimeGrid.uniform(STEPS);
    return switch (fit.unmasking()) {
      case COMMON_SCHEDULE ->
          new OrderedSampler(
              Decoding.forInfilling(fit.commonSchedule()).withFilter(likeliest),
              RevealOrder.CONFIDENCE,
              grid);
      case LEFT_TO_RIGHT -> new AutoregressiveSampler(likeliest);
      case SCHEDULE_OF_EACH_TOKEN -> fit.sampler(grid, likeliest, ToldTime.OF_STEP);
      case UNKNOWN ->
          throw new UnsupportedOperationException(
              "objective must have a sampler of ours to fill in last words");
    };
  }

  /**
   * Counts the words filled in as published.
   *
   * @param drawn the rows that became of {@link #starts}
   */
  public Proportion right(DrawnRows drawn) {
    if (drawn.rows().size() != answers.size()) {
      throw new IllegalArgumentException(
          "drawn must hold one row a start (%d), got %d"
              .formatted(answers.size(), drawn.rows().size()));
    }
    long right =
        IntStream.range(0, answers.size())
            .filter(i -> Arrays.equals(answers.get(i), end(drawn.rows().get(i), answers.get(i))))
            .count();
    return new Proportion(right, answers.size());
  }

  private static int[] end(DrawnRow row, int[] answer) {
    int[] tokens = row.tokens();
    return Arrays.copyOfRange(tokens, tokens.length - answer.length, tokens.length);
  }
}
