package org.md4j.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;

/**
 * Finds the files of an IDX set by the names they are published under, {@code
 * train-images-idx3-ubyte}, and those that unpacking makes of them, with a dot for the second dash
 * or {@code .gz} at the end.
 */
final class IdxFiles {
  private static final Pattern IMAGES = Pattern.compile("(.*)images[-.]idx3(.*?)(\\.gz)?");
  private static final String TEST = "t10k-";

  private IdxFiles() {}

  /** Finds the labels that lie beside images. */
  static Optional<Path> labels(Path images) {
    Matcher name = IMAGES.matcher(StoredBytes.nameOf(images));
    if (!name.matches()) {
      return Optional.empty();
    }
    return Stream.of("-", ".")
        .flatMap(mark -> Stream.of("", ".gz").map(end -> mark + "idx1" + name.group(2) + end))
        .map(rest -> images.resolveSibling(name.group(1) + "labels" + rest))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * Finds the images in a folder to learn from: those that are not for testing.
   *
   * @return empty if there is no IDX file
   * @throws DataException naming what there is to choose from if there are several
   */
  static Optional<Path> training(Path folder) {
    Map<String, Path> sets = sets(folder);
    Map<String, Path> learnt = new TreeMap<>(sets);
    learnt.keySet().removeIf(set -> set.startsWith(TEST));
    List<Path> files = List.copyOf((learnt.isEmpty() ? sets : learnt).values());
    if (files.size() > 1) {
      throw new DataException(
          "%s holds several sets of images, name one of them: %s"
              .formatted(folder, String.join(", ", files.stream().map(Path::toString).toList())));
    }
    return files.stream().findFirst();
  }

  /** Finds the images in a folder for testing what is learned from the others there. */
  static Optional<Path> test(Path folder) {
    Map<String, Path> sets = sets(folder);
    return sets.size() < 2
        ? Optional.empty()
        : sets.entrySet().stream()
            .filter(set -> set.getKey().startsWith(TEST))
            .map(Map.Entry::getValue)
            .findFirst();
  }

  /** The image files by what comes before {@code images} in their names, an unpacked one first. */
  private static Map<String, Path> sets(Path folder) {
    Map<String, Path> sets = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> !StoredBytes.nameOf(file).startsWith("."))
          .filter(Files::isRegularFile) // Some unpackers make folders of these names.
          .sorted()
          .forEach(
              file -> {
                Matcher name = IMAGES.matcher(StoredBytes.nameOf(file));
                if (name.matches()) {
                  sets.putIfAbsent(name.group(1), file);
                }
              });
    } catch (IOException e) {
      throw new DataException(folder + " cannot be listed: " + FailureText.reason(e), e);
    }
    return sets;
  }
}
