package org.md4j.data.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;

/**
 * The documents in files.
 *
 * @param files in the order in which they are read
 * @param field of a line of JSON, which holds the text
 * @param size the bytes of all files
 */
record CorpusFiles(List<Path> files, String field, String sha256, long size) implements Corpus {
  private static final Pattern JSON_LINES = Pattern.compile(".*\\.(jsonl|ndjson|json)");

  /** Dumps in parts are named {@code ...-articles1.xml-p1p41242}. */
  private static final Pattern MEDIA_WIKI = Pattern.compile(".*\\.xml(-p\\d+.*)?");

  static CorpusFiles of(List<Path> paths, String field) {
    if (field.isEmpty()) {
      throw new IllegalArgumentException("field must not be empty");
    }
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      files.addAll(filesOf(path));
    }
    for (Path file : files) {
      if (UnpackedFile.fileName(file).toLowerCase(Locale.ROOT).endsWith(".zip")) {
        throw new DataException(
            "data file (%s) must be packed by gzip, bzip2 or Zstandard, got a zip archive: unpack it"
                .formatted(file));
      }
    }
    if (files.isEmpty()) {
      throw new DataException("data files must be at least one, got none");
    }
    Sha256 hash = new Sha256();
    long size = 0;
    for (Path file : files) {
      long bytes = sizeOf(file);
      size += bytes;
      hash.addFile(UnpackedFile.fileName(file), Sha256.of(bytes + " " + field));
    }
    return new CorpusFiles(List.copyOf(files), field, hash.hex(), size);
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new DataException(
          "data file (%s) cannot be read: %s".formatted(file, FailureText.reason(e)), e);
    }
  }

  private static List<Path> filesOf(Path path) {
    try {
      if (Files.isRegularFile(path)) {
        return List.of(path);
      }
      List<Path> files = Files.isDirectory(path) ? filesIn(path) : filesLike(path);
      if (files.isEmpty()) {
        throw new DataException(
            "data file (%s) must be an existing file, a folder with files, or a pattern that fits some"
                .formatted(path));
      }
      return files;
    } catch (IOException e) {
      throw new DataException(
          "data file (%s) cannot be read: %s".formatted(path, FailureText.of(e)), e);
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(file -> !isHidden(file)).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isHidden(Path file) {
    return UnpackedFile.fileName(file).startsWith(".");
  }

  private static List<Path> filesLike(Path pattern) throws IOException {
    Path folder = pattern.getParent() == null ? Path.of("") : pattern.getParent();
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(folder, UnpackedFile.fileName(pattern))) {
        found.forEach(files::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      } catch (PatternSyntaxException e) {
        return List.of();
      }
    }
    return files.stream().filter(Files::isRegularFile).sorted().toList();
  }

  @Override
  public String name() {
    String first = UnpackedFile.fileName(files.get(0));
    return files.size() == 1 ? first : "%s and %d more files".formatted(first, files.size() - 1);
  }

  @Override
  public PassageReader open() throws IOException {
    return new Reader();
  }

  /** Reads the files one after the other. */
  private final class Reader implements PassageReader {
    private int next;
    private long before;
    private @Nullable CountedStream packed;
    private @Nullable FilePassages passages;

    @Override
    public @Nullable Passage next() throws IOException {
      while (passages != null || next < files.size()) {
        FilePassages current = passages == null ? begin() : passages;
        Passage passage = read(current);
        if (passage != null) {
          return passage;
        }
        close();
      }
      return null;
    }

    private FilePassages begin() throws IOException {
      Path file = files.get(next++);
      FilePassages begun;
      try {
        packed = new CountedStream(Files.newInputStream(file));
        String name = UnpackedFile.fileName(file);
        InputStream plain = UnpackedFile.unpack(name, packed);
        begun = begin(UnpackedFile.nameOf(file), name, plain);
      } catch (IOException e) {
        throw unreadable(file, e);
      }
      passages = begun;
      return begun;
    }

    private FilePassages begin(String plainName, String name, InputStream plain)
        throws IOException {
      if (JSON_LINES.matcher(plainName).matches()) {
        return new JsonLines(name, plain, field);
      }
      return MEDIA_WIKI.matcher(plainName).matches()
          ? new MediaWikiPages(name, plain)
          : new PlainText(name, plain);
    }

    private @Nullable Passage read(FilePassages current) throws IOException {
      try {
        return current.next();
      } catch (IOException e) {
        throw unreadable(files.get(next - 1), e);
      }
    }

    private DataException unreadable(Path file, IOException cause) {
      return new DataException(
          "data file (%s) cannot be read to its end, is it whole? %s"
              .formatted(file, FailureText.reason(cause)),
          cause);
    }

    @Override
    public long position() {
      return before + (packed == null ? 0 : packed.count());
    }

    @Override
    public void close() throws IOException {
      before = position();
      if (passages != null) {
        passages.close();
      } else if (packed != null) {
        packed.close();
      }
      passages = null;
      packed = null;
    }
  }
}
