package org.md4j.sampling;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;

/**
 * The rows of a {@link SamplingRun} as they are now: which tokens are given, which are the
 * sampler's own, and where masks are left. Positions are flat, {@code row * N + n}.
 */
public final class UnfinishedRows {
  private final SamplingRequest request;
  private final TokenBatch start;
  private final Vocabulary vocabulary;
  private final int length;
  private final int[] tokens;
  private final int[] blanks;
  private final int[] masks;

  UnfinishedRows(SamplingRequest request) {
    this.request = request;
    start = request.start().tokens();
    vocabulary = start.vocabulary();
    length = start.length();
    tokens = start.toFlat();
    blanks = new int[start.rows()];
    for (int position : start.maskedPositions()) {
      blanks[position / length]++;
    }
    masks = blanks.clone();
  }

  /** The vocabulary of the tokens. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The number B of rows. */
  public int count() {
    return masks.length;
  }

  /** The length N of a row in tokens. */
  public int length() {
    return length;
  }

  /** The row of a position. */
  public int row(int position) {
    return position / length;
  }

  /** The token at a position, in 0..V, where V is the mask. */
  public int token(int position) {
    return tokens[position];
  }

  /** Says whether a mask is at a position. */
  public boolean isMasked(int position) {
    return tokens[position] == vocabulary.maskId();
  }

  /**
   * Says whether a token of the sampler's own is at a position: a mask at the start and none now.
   */
  public boolean isRevealed(int position) {
    return start.isMasked(position) && !isMasked(position);
  }

  /** The number of masks a row had at the start. */
  public int blanks(int row) {
    return blanks[row];
  }

  /** The number of masks a row has now. */
  public int masks(int row) {
    return masks[row];
  }

  /** Returns the rows that have masks, ascending. */
  public int[] masked() {
    return IntStream.range(0, count()).filter(row -> masks[row] > 0).toArray();
  }

  /** Returns the positions of the masks of a row, ascending. */
  public int[] maskedPositions(int row) {
    int[] positions = new int[masks[row]];
    int next = 0;
    for (int i = row * length; next < positions.length; i++) {
      if (isMasked(i)) {
        positions[next++] = i;
      }
    }
    return positions;
  }

  /** Returns the positions of the sampler's own tokens in a row, ascending. */
  public int[] revealedPositions(int row) {
    int[] positions = new int[blanks[row] - masks[row]];
    int next = 0;
    for (int i = row * length; next < positions.length; i++) {
      if (isRevealed(i)) {
        positions[next++] = i;
      }
    }
    return positions;
  }

  /** Returns the positions of every row, as a function of the row says, one row after the other. */
  public int[] positions(IntFunction<int[]> ofRow) {
    int[] positions = new int[tokens.length];
    int count = 0;
    for (int row = 0; row < count(); row++) {
      int[] next = ofRow.apply(row);
      System.arraycopy(next, 0, positions, count, next.length);
      count += next.length;
    }
    return Arrays.copyOf(positions, count);
  }

  /** Copies the rows as a batch, [B, N]. */
  public TokenBatch toBatch() {
    return TokenBatch.ofFlat(vocabulary, count(), tokens);
  }

  void reveal(int position, int token) {
    if (!isMasked(position)) {
      throw new IllegalArgumentException(
          "position (%d) must be a mask to be revealed, got token %d"
              .formatted(position, tokens[position]));
    }
    if (token < 0 || token >= vocabulary.size()) {
      throw new IllegalArgumentException(
          "token (%d) must be in 0..%d".formatted(token, vocabulary.size() - 1));
    }
    tokens[position] = token;
    masks[row(position)]--;
  }

  /** Masks a token again and returns it. */
  int remask(int position) {
    if (!isRevealed(position)) {
      throw new IllegalArgumentException(
          "position (%d) must hold a token the sampler has revealed to be masked again, got a %s"
              .formatted(position, isMasked(position) ? "mask" : "given token"));
    }
    int token = tokens[position];
    tokens[position] = vocabulary.maskId();
    masks[row(position)]++;
    return token;
  }

  /**
   * Returns the question about some masks, without the rows that hold none of them.
   *
   * @param positions strictly ascending
   * @param told the time each row is told
   */
  DenoiserInput question(int[] positions, IntToDoubleFunction told) {
    int[] asked = new int[positions.length];
    int[] from = new int[count()];
    int count = 0;
    int previous = -1;
    for (int i = 0; i < positions.length; i++) {
      int position = positions[i];
      if (position <= previous || position >= tokens.length || !isMasked(position)) {
        throw new IllegalArgumentException(
            "position (%d) must be that of a mask, greater than the one before it (%d)"
                .formatted(position, previous));
      }
      previous = position;
      if (count == 0 || from[count - 1] != row(position)) {
        from[count++] = row(position);
      }
      asked[i] = (count - 1) * length + position % length;
    }
    int[] rows = new int[count * length];
    double[] times = new double[count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(tokens, from[i] * length, rows, i * length, length);
      times[i] = told.applyAsDouble(from[i]);
    }
    return new DenoiserInput(
        Rows.of(TokenBatch.ofFlat(vocabulary, count, rows))
            .withLabels(request.start().labelsOf(Arrays.copyOf(from, count))),
        times,
        asked);
  }
}
