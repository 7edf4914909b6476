package org.md4j.data.image;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.md4j.file.OneLine;

/** Files of a set that are passed over for their names, counted by their endings. */
final class LeftAside {
  private static final int MOST_ENDINGS = 5;

  private final Map<String, Integer> counts = new TreeMap<>();
  private int files;

  void add(String path) {
    String name = ImageListing.baseName(path).toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    counts.merge(dot < 0 ? "without ending" : OneLine.of(name.substring(dot)), 1, Integer::sum);
    files++;
  }

  /** The number of files. */
  int files() {
    return files;
  }

  /** Lists endings, the most frequent first: {@code 500 .webp, 3 .txt}. */
  @Override
  public String toString() {
    String listed =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .limit(MOST_ENDINGS)
            .map(ending -> ending.getValue() + " " + ending.getKey())
            .collect(Collectors.joining(", "));
    return counts.size() > MOST_ENDINGS ? listed + ", ..." : listed;
  }
}
