package org.md4j.data.image;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** Where the links of a tar archive lead, in the archive. */
final class TarLinks {
  /** The links in a row that are followed; more go round in a circle. */
  private static final int MOST_LINKS = 40;

  private final Map<String, Bytes> files = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();

  /**
   * The bytes of a file.
   *
   * @param offset of the first one in the unpacked archive
   * @param size number of them
   */
  record Bytes(long offset, long size) {}

  private TarLinks() {}

  /** Reads an archive through. */
  static TarLinks of(TarArchiveInputStream entries) throws IOException {
    TarLinks made = new TarLinks();
    for (TarArchiveEntry entry = entries.getNextTarEntry();
        entry != null;
        entry = entries.getNextTarEntry()) {
      String path = normalized("", TarListing.path(entry));
      if (entry.isLink()) {
        made.links.put(path, normalized("", entry.getLinkName()));
      } else if (entry.isSymbolicLink()) {
        made.links.put(path, normalized(folder(path), entry.getLinkName()));
      } else if (TarListing.holdsBytes(entry)) {
        made.files.put(path, new Bytes(entries.getBytesRead(), entry.getSize()));
      }
    }
    return made;
  }

  /** The bytes that a path leads to; null if its links lead to nothing in the archive. */
  @Nullable Bytes end(String path) {
    return files.get(resolved(path));
  }

  /** The files of the folder that a link leads to, by what follows the link in their paths. */
  SortedMap<String, Bytes> below(String link) {
    String folder = resolved(link) + "/";
    SortedMap<String, Bytes> below = new TreeMap<>();
    Stream.of(files, links)
        .flatMap(paths -> paths.keySet().stream())
        .filter(path -> path.startsWith(folder))
        .forEach(
            path -> {
              Bytes bytes = end(path);
              if (bytes != null) {
                below.put(path.substring(folder.length() - 1), bytes);
              }
            });
    return below;
  }

  /** Follows the links that a path and the folders it lies in are. */
  private String resolved(String path) {
    String at = normalized("", path);
    for (int i = 0; i < MOST_LINKS; i++) {
      String next = followed(at);
      if (next == null) {
        return at;
      }
      at = next;
    }
    return at;
  }

  private @Nullable String followed(String path) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
      String target = links.get(path.substring(0, end));
      if (target != null) {
        return normalized("", target + path.substring(end));
      }
    }
    return null;
  }

  /** What the link at a path names. */
  String target(String path) {
    return String.valueOf(links.get(normalized("", path)));
  }

  private static String folder(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  /** Resolves a path as file systems do; one that leads out of the archive keeps its dots. */
  private static String normalized(String folder, String path) {
    if (path.startsWith("/")) {
      return path;
    }
    Deque<String> parts = new ArrayDeque<>();
    for (String part : (folder + path).split("/", -1)) {
      if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }
}
