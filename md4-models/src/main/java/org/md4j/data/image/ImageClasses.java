package org.md4j.data.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.md4j.data.DataException;

/**
 * The classes of images in files.
 *
 * @param names of the K classes; empty if there are none
 * @param labels class of each file; empty if there are none
 */
record ImageClasses(List<String> names, short[] labels) {
  private static final ImageClasses NONE = new ImageClasses(List.of(), new short[0]);

  /** Finds the classes by the rules that {@link ImageFiles} states. */
  static ImageClasses of(ImageListing files) {
    byte[] table = files.labelFiles().get("labels.tsv");
    if (table != null) {
      return ofTable(files, lines(table));
    }
    byte[] annotations = files.labelFiles().get("val_annotations.txt");
    return annotations == null
        ? ofFolders(files.names())
        : ofAnnotations(files, lines(annotations));
  }

  private static ImageClasses ofTable(ImageListing files, List<String[]> lines) {
    List<String> header = lines.isEmpty() ? List.of() : Arrays.asList(lines.get(0));
    int file = header.indexOf("file");
    int number = header.indexOf("class");
    int name = header.indexOf("name");
    if (file < 0 || number < 0) {
      throw new DataException(
          "%s: labels.tsv must begin with a line that has the columns file and class, got %s"
              .formatted(files.name(), header));
    }
    Map<String, Short> classes = new HashMap<>();
    Map<Integer, String> named = new HashMap<>();
    int count = 0;
    for (String[] line : lines.subList(1, lines.size())) {
      int label = label(files, line, number);
      classes.put(ImageListing.baseName(field(line, file)), (short) label);
      String text = field(line, name);
      named.put(label, text.isEmpty() ? Integer.toString(label) : text);
      count = Math.max(count, label + 1);
    }
    List<String> names = new ArrayList<>();
    for (int label = 0; label < count; label++) {
      names.add(named.getOrDefault(label, Integer.toString(label)));
    }
    return new ImageClasses(List.copyOf(names), labels(files, classes, "labels.tsv"));
  }

  private static int label(ImageListing files, String[] line, int column) {
    String text = field(line, column);
    try {
      int label = Integer.parseInt(text);
      if (label >= 0 && label <= Short.MAX_VALUE) {
        return label;
      }
    } catch (NumberFormatException e) {
      // Told below, as a number out of range is.
    }
    throw new DataException(
        "%s: labels.tsv must have a number in [0, %d] in column class, got %s"
            .formatted(files.name(), Short.MAX_VALUE, text));
  }

  private static ImageClasses ofAnnotations(ImageListing files, List<String[]> lines) {
    TreeSet<String> sorted = new TreeSet<>();
    lines.forEach(line -> sorted.add(field(line, 1)));
    List<String> names = List.copyOf(sorted);
    checkCount(files.name(), names);
    Map<String, Short> classes = new HashMap<>();
    for (String[] line : lines) {
      classes.put(field(line, 0), (short) Collections.binarySearch(names, field(line, 1)));
    }
    return new ImageClasses(names, labels(files, classes, "val_annotations.txt"));
  }

  private static short[] labels(ImageListing files, Map<String, Short> classes, String table) {
    short[] labels = new short[files.names().size()];
    for (int i = 0; i < labels.length; i++) {
      String file = files.names().get(i);
      Short label = classes.get(ImageListing.baseName(file));
      if (label == null) {
        throw new DataException(
            "%s: %s must have a line for every image, got none for %s"
                .formatted(files.name(), table, file));
      }
      labels[i] = label;
    }
    return labels;
  }

  private static ImageClasses ofFolders(FileNames files) {
    String common = commonFolder(files);
    TreeSet<String> sorted = new TreeSet<>();
    for (int i = 0; i < files.size(); i++) {
      String folder = firstFolder(files.get(i), common.length());
      if (folder == null) {
        return NONE;
      }
      sorted.add(folder);
    }
    List<String> names = List.copyOf(sorted);
    checkCount("folders", names);
    short[] labels = new short[files.size()];
    for (int i = 0; i < labels.length; i++) {
      String folder = Objects.requireNonNull(firstFolder(files.get(i), common.length()));
      labels[i] = (short) Collections.binarySearch(names, folder);
    }
    return new ImageClasses(names, labels);
  }

  /** The longest folder, with its last slash, that all files lie in. */
  private static String commonFolder(FileNames files) {
    String common = files.size() == 0 ? "" : files.get(0);
    for (int i = 0; i < files.size(); i++) {
      String file = files.get(i);
      while (!file.startsWith(common) || !(common.isEmpty() || common.endsWith("/"))) {
        int cut = common.lastIndexOf('/', common.length() - 2);
        common = common.substring(0, cut + 1);
      }
    }
    return common;
  }

  private static @Nullable String firstFolder(String file, int from) {
    int slash = file.indexOf('/', from);
    return slash < 0 ? null : file.substring(from, slash);
  }

  private static void checkCount(String where, List<String> names) {
    if (names.size() > Short.MAX_VALUE) {
      throw new DataException(
          "%s: classes must be at most %d, got %d".formatted(where, Short.MAX_VALUE, names.size()));
    }
  }

  private static List<String[]> lines(byte[] table) {
    return new String(table, UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.split("\t", -1))
        .toList();
  }

  private static String field(String[] line, int column) {
    return column >= 0 && column < line.length ? line[column].strip() : "";
  }
}
