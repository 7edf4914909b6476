package org.md4j.data.image;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files of a folder or an archive that are images by their names, numbered. */
interface ImageListing extends AutoCloseable {
  /** Endings of the names of images. */
  List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".jfif", ".jpe");

  /** Files beside the images that say what class they are of. */
  Set<String> LABEL_FILES = Set.of("labels.tsv", "val_annotations.txt");

  /** The name of the folder or archive in reports and errors. */
  String name();

  /** Paths inside, with {@code /}, in the order of their numbers. */
  FileNames names();

  /** The whole of one file. */
  byte[] read(int index) throws IOException;

  /** The {@link #LABEL_FILES} that there are, by their names. */
  Map<String, byte[]> labelFiles();

  /** The files that are neither images nor labels by their names; hidden ones are not counted. */
  LeftAside leftAside();

  /** SHA-256 of the archive; null for a folder, whose files are hashed as they are read. */
  @Nullable String sha256();

  @Override
  void close();

  /** Whether a path is that of an image; hidden files are none. */
  static boolean isImage(String path) {
    String file = baseName(path).toLowerCase(Locale.ROOT);
    return !file.startsWith(".") && ENDINGS.stream().anyMatch(file::endsWith);
  }

  static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
