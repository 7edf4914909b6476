package org.md4j.data.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.md4j.data.DataException;

/**
 * Learns a byte-pair encoding: begins with the 256 bytes and, again and again, joins the two tokens
 * that most often follow each other within a word.
 *
 * <p>Words are cut as GPT-2 cuts them: a space belongs to the word after it, and no token reaches
 * from one word into the next. Of pairs that are equally frequent the one with the smaller left id
 * is joined, then the one with the smaller right id, so that the same words give the same encoding.
 *
 * <p>Source: Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword
 * units" (ACL 2016), on bytes as in Radford et al. (2019).
 *
 * <p>Not safe for use by several threads.
 */
public final class BytePairTraining {
  /** The pattern of GPT-2's encoder.py, with Unicode's white space. */
  private static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** Different words kept; beyond them those seen once are forgotten, then twice, and so on. */
  private static final int MOST_WORDS = 1 << 21;

  /** Longer words, which are no words, are left out: joining is quadratic in their length. */
  private static final int LONGEST_WORD = 1_000;

  private final int mostWords;
  private final Map<String, long[]> counts = new HashMap<>();

  /** Begins with no words. Memory stays bounded: of too many different words the rarest go. */
  public BytePairTraining() {
    this(MOST_WORDS);
  }

  BytePairTraining(int mostWords) {
    this.mostWords = mostWords;
  }

  /** Counts the words of a text. */
  public void add(String text) {
    Matcher words = WORD.matcher(text);
    while (words.find()) {
      if (words.end() - words.start() <= LONGEST_WORD) {
        counts.computeIfAbsent(words.group(), word -> new long[1])[0]++;
      }
    }
    if (counts.size() > mostWords) {
      forget();
    }
  }

  /** Forgets until there is room for many words again: each time goes through all of them. */
  private void forget() {
    for (long rare = 1; counts.size() > mostWords / 2; rare++) {
      long most = rare;
      counts.values().removeIf(count -> count[0] <= most);
    }
  }

  /**
   * Learns an encoding from the words counted so far.
   *
   * @param size V, the number of tokens: 256 bytes, pairs, and the end of text, which is the last;
   *     at least 257
   * @throws DataException if the words have too few pairs for it
   */
  public BytePairEncoding learn(int size) {
    if (size <= BytePairEncoding.BYTES) {
      throw new IllegalArgumentException(
          "size (%d) must be at least %d: the bytes and the end of text"
              .formatted(size, BytePairEncoding.BYTES + 1));
    }
    return new Merging().merge(size);
  }

  /** Two tokens beside each other, with how often they were when this was written. */
  private record Pair(int left, int right, long count) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int byCount = Long.compare(other.count, count);
      if (byCount != 0) {
        return byCount;
      }
      int byLeft = Integer.compare(left, other.left);
      return byLeft != 0 ? byLeft : Integer.compare(right, other.right);
    }
  }

  /** The words as tokens while pairs of them are joined. */
  private final class Merging {
    private final List<int[]> words = new ArrayList<>();
    private final List<Long> frequencies = new ArrayList<>();
    private final Map<Long, long[]> pairs = new HashMap<>();

    /** Words in which a pair was, when it came up; it may have gone from some since. */
    private final Map<Long, Set<Integer>> places = new HashMap<>();

    /** Pairs by frequency; one whose frequency has changed since is put back when it is met. */
    private final PriorityQueue<Pair> queue = new PriorityQueue<>();

    Merging() {
      counts.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry -> add(entry.getKey(), entry.getValue()[0]));
      pairs.forEach((key, count) -> queue.add(pair(key, count[0])));
    }

    private void add(String word, long frequency) {
      byte[] bytes = word.getBytes(UTF_8);
      int[] tokens = new int[bytes.length];
      Arrays.setAll(tokens, i -> bytes[i] & 0xFF);
      words.add(tokens);
      frequencies.add(frequency);
      count(words.size() - 1, 1);
    }

    /** Adds the pairs of a word to the counts, or takes them from there. */
    private void count(int word, int sign) {
      int[] tokens = words.get(word);
      for (int i = 0; i + 1 < tokens.length; i++) {
        long key = key(tokens[i], tokens[i + 1]);
        pairs.computeIfAbsent(key, k -> new long[1])[0] += sign * frequencies.get(word);
        if (sign > 0) {
          places.computeIfAbsent(key, k -> new HashSet<>()).add(word);
        }
      }
    }

    BytePairEncoding merge(int size) {
      List<int[]> merges = new ArrayList<>();
      for (int token = BytePairEncoding.BYTES; token < size - 1; token++) {
        Pair best = next(token, size);
        merges.add(new int[] {best.left(), best.right()});
        join(best, token);
      }
      return BytePairEncoding.of(merges);
    }

    private Pair next(int found, int size) {
      for (Pair best = queue.poll(); best != null; best = queue.poll()) {
        long count = countOf(key(best.left(), best.right()));
        if (count == best.count()) {
          return best;
        }
        if (count > 0) {
          queue.add(new Pair(best.left(), best.right(), count));
        }
      }
      throw new DataException(
          "text must have pairs for a vocabulary of %d, got enough for %d: give more text, or ask for fewer"
              .formatted(size, found + 1));
    }

    private void join(Pair pair, int token) {
      long key = key(pair.left(), pair.right());
      Set<Long> changed = new HashSet<>();
      for (int word : requireNonNull(places.remove(key))) {
        count(word, -1);
        words.set(word, joined(words.get(word), pair, token));
        count(word, 1);
        int[] tokens = words.get(word);
        for (int i = 0; i + 1 < tokens.length; i++) {
          if (tokens[i] == token || tokens[i + 1] == token) {
            changed.add(key(tokens[i], tokens[i + 1]));
          }
        }
      }
      for (long other : changed) {
        queue.add(pair(other, countOf(other)));
      }
    }

    private long countOf(long pair) {
      return requireNonNull(pairs.get(pair))[0];
    }

    private static int[] joined(int[] tokens, Pair pair, int token) {
      int[] joined = new int[tokens.length];
      int length = 0;
      for (int i = 0; i < tokens.length; i++) {
        boolean found =
            tokens[i] == pair.left() && i + 1 < tokens.length && tokens[i + 1] == pair.right();
        joined[length++] = found ? token : tokens[i];
        i += found ? 1 : 0;
      }
      return Arrays.copyOf(joined, length);
    }

    private static long key(int left, int right) {
      return (long) left << Integer.SIZE | right;
    }

    private static Pair pair(long key, long count) {
      return new Pair((int) (key >>> Integer.SIZE), (int) key, count);
    }
  }
}
