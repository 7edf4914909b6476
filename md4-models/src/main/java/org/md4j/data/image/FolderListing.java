package org.md4j.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Images in a folder and the folders in it, sorted by name, folder by folder. */
final class FolderListing implements ImageListing {
  private static final int MAXIMUM_DEPTH = 32;

  private final Path folder;
  private final FileNames names = new FileNames();
  private final Map<String, byte[]> labelFiles = new HashMap<>();
  private final LeftAside leftAside = new LeftAside();

  FolderListing(Path folder) throws IOException {
    this.folder = folder;
    list(folder, "", 0);
  }

  private void list(Path inner, String prefix, int depth) throws IOException {
    if (depth > MAXIMUM_DEPTH) {
      throw new IOException("folders lie more than %d deep, at %s".formatted(depth - 1, prefix));
    }
    List<String> files = new ArrayList<>();
    try (Stream<Path> listed = Files.list(inner)) {
      listed.forEach(path -> files.add(StoredBytes.nameOf(path)));
    }
    files.sort(null);
    for (String file : files) {
      Path path = inner.resolve(file);
      if (ImageListing.isImage(file)) {
        names.add(prefix + file);
      } else if (LABEL_FILES.contains(file)) {
        labelFiles.put(file, Files.readAllBytes(path));
      } else if (!file.startsWith(".")) {
        if (Files.isDirectory(path)) {
          list(path, prefix + file + "/", depth + 1);
        } else {
          leftAside.add(file);
        }
      }
    }
  }

  @Override
  public String name() {
    return StoredBytes.nameOf(folder.toAbsolutePath().normalize());
  }

  @Override
  public FileNames names() {
    return names;
  }

  @Override
  public byte[] read(int index) throws IOException {
    return Files.readAllBytes(folder.resolve(names.get(index)));
  }

  @Override
  public Map<String, byte[]> labelFiles() {
    return labelFiles;
  }

  @Override
  public LeftAside leftAside() {
    return leftAside;
  }

  @Override
  public @Nullable String sha256() {
    return null;
  }

  @Override
  public void close() {}
}
