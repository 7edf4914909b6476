package org.md4j.cli.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.core.RowSource;
import org.md4j.data.TokenSequence;
import org.md4j.data.TokenShards;
import org.md4j.data.TokenSplits;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.data.text.TextFile;
import org.md4j.quality.KnownWords;

/**
 * What a text run learns from and is judged on. Of 27 symbols every window of the first 90 % of a
 * text, and the chunks of the next 5 %, as for text8; of words the chunks of either part of a
 * folder of shards, as for OpenWebText.
 *
 * @param training overlapping windows, or chunks
 * @param validation chunks that do not overlap
 * @param trainingText what they are of
 */
public record TextData(RowSource training, RowSource validation, TokenSequence trainingText) {
  private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{M}']+");
  private static final String EMBEDDED = "austen27.txt";

  /** The tokens decoded at a time. */
  private static final long PART = 1 << 20;

  /** The tokens whose words are known, of a text that is longer. */
  private static final long MOST_KNOWN = 1L << 27;

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

  /**
   * Reads and cuts what a run learns from. Shards are read through, since a training would not see
   * that they are damaged.
   *
   * @throws org.md4j.data.DataException if it cannot be used, is damaged or too short
   */
  public static TextData load(TextRunConfig config) {
    Path path = config.data() == null ? null : Path.of(config.data());
    int length = config.network().length();
    if (config.kind() == RunKind.TEXT || path == null) {
      return load(path, length);
    }
    TokenShards shards = TokenShards.open(path);
    shards.verify();
    return of(shards, length);
  }

  /**
   * Cuts shards.
   *
   * @param length N, tokens a row
   * @throws org.md4j.data.DataException if a part of them is too short
   */
  public static TextData of(TokenShards shards, int length) {
    TokenSequence train = shards.train();
    return new TextData(train.chunks(length), shards.valid().chunks(length), train);
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

  /** The words of the training text, of one that is long those of its beginning. */
  public KnownWords knownWords(Tokenizer tokenizer) {
    KnownWords.Collector collector = new KnownWords.Collector();
    long length = Math.min(MOST_KNOWN, trainingText.length());
    for (long from = 0; from < length; from += PART) {
      int[] part = new int[(int) Math.min(PART, length - from)];
      trainingText.copy(from, part);
      collector.add(words(tokenizer, part));
    }
    return collector.build();
  }

  /** The share of known words in the validation text, of at most a thousand of its chunks. */
  public KnownWords.Share heldOutShare(KnownWords known, Tokenizer tokenizer) {
    KnownWords.Share sum = new KnownWords.Share(0, 0);
    int[] chunk = new int[validation.length()];
    for (long index = 0; index < Math.min(MOST_CHUNKS, validation.size()); index++) {
      validation.row(index, chunk);
      sum = sum.plus(known.share(words(tokenizer, chunk)));
    }
    return sum;
  }

  /**
   * Text as words between blanks: of words in capitals and with signs the small letters, so that a
   * word is known wherever it stood.
   */
  public static String words(Tokenizer tokenizer, int[] tokens) {
    return words(tokenizer, tokenizer.decode(tokens));
  }

  /** Words between blanks of a text that a tokenizer decoded; an end of text is no word. */
  public static String words(Tokenizer tokenizer, String text) {
    if (!tokenizer.joinsSpaces()) {
      return text;
    }
    String ended =
        tokenizer.endOfText().isPresent()
            ? text.replace(tokenizer.decode(new int[] {tokenizer.endOfText().getAsInt()}), " ")
            : text;
    return NO_LETTERS.matcher(ended.toLowerCase(Locale.ROOT)).replaceAll(" ");
  }

  /**
   * Reads a text whole.
   *
   * @param file null for the novels that come with md4
   * @throws org.md4j.data.DataException if the text cannot be used
   */
  public static TokenSequence text(@Nullable Path file) {
    return file == null ? novels(new Text27Tokenizer()) : TextFile.read(file);
  }

  /** Reads the novels that come with md4, letters and spaces, by any tokenizer. */
  public static TokenSequence novels(Tokenizer tokenizer) {
    try (InputStream packed =
            Objects.requireNonNull(
                TextData.class.getResourceAsStream("/org/md4j/cli/data/" + EMBEDDED + ".gz"));
        InputStream plain = new BufferedInputStream(new GZIPInputStream(packed))) {
      return TextFile.read(EMBEDDED, plain, tokenizer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
