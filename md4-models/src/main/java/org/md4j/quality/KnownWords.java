package org.md4j.quality;

import java.util.HashSet;
import java.util.Set;

/**
 * The words of a text, by which other texts are judged: the share of their words that are known is
 * a number a person understands.
 *
 * <p>A word is what stands between two blanks. What a text begins and ends with may be cut off, and
 * counts as no word. Random letters get a share of a few percent, because short words are hit by
 * chance; text that is held out gets less than all, because it has words of its own.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class KnownWords {
  private final Set<String> words;

  private KnownWords(Set<String> words) {
    this.words = words;
  }

  /**
   * The words of texts.
   *
   * @param words of a text
   * @param known those of them that are known
   */
  public record Share(long words, long known) {
    /** The share of known words, in [0, 1]; not a number if there was no word. */
    public double value() {
      return (double) known / words;
    }

    /** Returns the share of these words and others together. */
    public Share plus(Share other) {
      return new Share(words + other.words, known + other.known);
    }
  }

  /** Collects words, so that a text need not be in memory at once. */
  public static final class Collector {
    private final Set<String> words = new HashSet<>();
    private final StringBuilder begun = new StringBuilder();
    private boolean isWhole;

    /** Begins a text; its first word counts only if a blank is before it. */
    public Collector() {}

    /** Adds the next part of the text, which may begin and end within a word. */
    public void add(String part) {
      for (int i = 0; i < part.length(); i++) {
        if (part.charAt(i) == ' ') {
          if (isWhole && !begun.isEmpty()) {
            words.add(begun.toString());
          }
          begun.setLength(0);
          isWhole = true;
        } else {
          begun.append(part.charAt(i));
        }
      }
    }

    /** Returns the words between blanks so far. */
    public KnownWords build() {
      return new KnownWords(Set.copyOf(words));
    }
  }

  /** The number of different words. */
  public int count() {
    return words.size();
  }

  /** Counts the words of a text that stand between two blanks, and those of them that are known. */
  public Share share(String text) {
    long all = 0;
    long known = 0;
    int begin = text.indexOf(' ');
    while (begin >= 0) {
      int end = text.indexOf(' ', begin + 1);
      if (end > begin + 1) {
        all++;
        known += words.contains(text.substring(begin + 1, end)) ? 1 : 0;
      }
      begin = end;
    }
    return new Share(all, known);
  }
}
