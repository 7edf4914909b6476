package org.md4j.cli.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.md4j.core.RowSource;
import org.md4j.data.TokenSequence;
import org.md4j.data.TokenSplits;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.TextFile;
import org.md4j.quality.KnownWords;

/**
 * What a text run learns from and is judged on: every window of the first 90 % of a text, and the
 * chunks of the next 5 %, as for text8.
 *
 * @param training overlapping windows
 * @param validation chunks that do not overlap
 * @param trainingText what the windows are of
 */
public record TextData(RowSource training, RowSource validation, TokenSequence trainingText) {
  private static final String EMBEDDED = "austen27.txt";

  /** The characters decoded at a time. */
  private static final long PART = 1 << 20;

  private static final long MOST_CHUNKS = 1_000;

  /**
   * Reads and cuts a text.
   *
   * @param file null for the novels that come with md4
   * @param length N, characters a row
   * @throws org.md4j.data.DataException if the text cannot be used or is too short
   */
  public static TextData load(@Nullable Path file, int length) {
    TokenSplits splits = text(file).split();
    return new TextData(
        splits.train().windows(length), splits.valid().chunks(length), splits.train());
  }

  /** How often each symbol is in the training text, as a share of all, [V]. */
  public double[] frequencies() {
    long[] counts = new long[trainingText.vocabulary().size()];
    for (long n = 0; n < trainingText.length(); n++) {
      counts[trainingText.token(n)]++;
    }
    return Arrays.stream(counts)
        .mapToDouble(count -> (double) count / trainingText.length())
        .toArray();
  }

  /** The words of the training text. */
  public KnownWords knownWords(Tokenizer tokenizer) {
    KnownWords.Collector collector = new KnownWords.Collector();
    for (long from = 0; from < trainingText.length(); from += PART) {
      int[] part = new int[(int) Math.min(PART, trainingText.length() - from)];
      trainingText.copy(from, part);
      collector.add(tokenizer.decode(part));
    }
    return collector.build();
  }

  /** The share of known words in the validation text, of at most a thousand of its chunks. */
  public KnownWords.Share heldOutShare(KnownWords known, Tokenizer tokenizer) {
    KnownWords.Share sum = new KnownWords.Share(0, 0);
    int[] chunk = new int[validation.length()];
    for (long index = 0; index < Math.min(MOST_CHUNKS, validation.size()); index++) {
      validation.row(index, chunk);
      sum = sum.plus(known.share(tokenizer.decode(chunk)));
    }
    return sum;
  }

  /**
   * Reads a text whole.
   *
   * @param file null for the novels that come with md4
   * @throws org.md4j.data.DataException if the text cannot be used
   */
  public static TokenSequence text(@Nullable Path file) {
    return file == null ? embedded() : TextFile.read(file);
  }

  private static TokenSequence embedded() {
    try (InputStream packed =
            Objects.requireNonNull(
                TextData.class.getResourceAsStream("/org/md4j/cli/data/" + EMBEDDED + ".gz"));
        InputStream plain = new BufferedInputStream(new GZIPInputStream(packed))) {
      return TextFile.read(EMBEDDED, plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
