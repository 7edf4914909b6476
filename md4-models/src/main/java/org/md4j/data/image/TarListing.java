package org.md4j.data.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Images in a tar archive, in its order; an index says where each lies. A hard or symbolic link has
 * the bytes of what it leads to in the archive, before or after it; one that leads to a folder
 * stands for the images in it, which come last.
 */
final class TarListing implements ImageListing {
  private final StoredBytes tar;
  private final FileNames names = new FileNames();
  private final Map<String, byte[]> labelFiles = new HashMap<>();
  private final LeftAside leftAside = new LeftAside();
  private long[] offsets = new long[1024];
  private int[] sizes = new int[1024];

  /** The links that lead nowhere, by the numbers of their images. */
  private final Map<Integer, String> broken = new HashMap<>();

  /** Indexes an archive, which is closed with this. */
  TarListing(StoredBytes tar) throws IOException {
    this.tar = tar;
    TarArchiveInputStream entries = entries();
    Map<Integer, String> links = new TreeMap<>();
    List<String> folderLinks = new ArrayList<>();
    for (TarArchiveEntry entry = entries.getNextTarEntry();
        entry != null;
        entry = entries.getNextTarEntry()) {
      String path = path(entry);
      if (isLink(entry) && ImageListing.isImage(path)) {
        links.put(names.size(), path);
        add(path, 0, 0);
      } else if (holdsBytes(entry)) {
        long offset = entries.getBytesRead(); // Up to the end of the entry's header.
        if (offset + entry.getSize() > tar.size()) {
          throw new IOException("it ends inside " + path);
        }
        addFile(path, offset, entry.getSize());
      } else if (isLink(entry) && !ImageListing.baseName(path).startsWith(".")) {
        folderLinks.add(path);
      }
    }
    if (!links.isEmpty() || !folderLinks.isEmpty()) {
      TarLinks targets = TarLinks.of(entries());
      links.forEach((index, path) -> follow(index, path, targets));
      folderLinks.forEach(path -> addFolder(path, targets.below(path)));
    }
  }

  @SuppressWarnings("resource") // The channel under it belongs to the archive and stays open.
  private TarArchiveInputStream entries() throws IOException {
    return new TarArchiveInputStream(new BufferedInputStream(tar.stream(), 1 << 16));
  }

  /** The path of an entry, without the dot that some archives begin with. */
  static String path(TarArchiveEntry entry) {
    return entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
  }

  static boolean isLink(TarArchiveEntry entry) {
    return entry.isLink() || entry.isSymbolicLink();
  }

  static boolean holdsBytes(TarArchiveEntry entry) {
    return entry.isFile() && !isLink(entry) && !entry.isSparse();
  }

  private void addFile(String path, long offset, long size) {
    if (ImageListing.isImage(path)) {
      add(path, offset, size);
    } else if (LABEL_FILES.contains(ImageListing.baseName(path))) {
      labelFiles.put(ImageListing.baseName(path), tar.read(offset, Math.toIntExact(size)));
    } else if (!ImageListing.baseName(path).startsWith(".")) {
      leftAside.add(path);
    }
  }

  /** Adds the images of a folder once more, under the link that leads there. */
  private void addFolder(String link, SortedMap<String, TarLinks.Bytes> below) {
    if (below.isEmpty()) {
      leftAside.add(link);
    }
    below.forEach(
        (rest, bytes) -> {
          if (ImageListing.isImage(rest)) {
            add(link + rest, bytes.offset(), bytes.size());
          }
        });
  }

  private void follow(int index, String path, TarLinks targets) {
    TarLinks.Bytes bytes = targets.end(path);
    if (bytes == null) {
      broken.put(index, targets.target(path));
    } else {
      place(index, bytes.offset(), bytes.size());
    }
  }

  private void add(String path, long offset, long size) {
    int index = names.size();
    names.add(path);
    if (index == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * index);
      sizes = Arrays.copyOf(sizes, 2 * index);
    }
    place(index, offset, size);
  }

  private void place(int index, long offset, long size) {
    offsets[index] = offset;
    // An image file of 2 GB is none; what is cut off of it cannot be decoded.
    sizes[index] = (int) Math.min(size, Integer.MAX_VALUE - 8);
  }

  @Override
  public String name() {
    return tar.name();
  }

  @Override
  public FileNames names() {
    return names;
  }

  @Override
  public byte[] read(int index) throws IOException {
    String target = broken.get(index);
    if (target != null) {
      throw new IOException(
          "it is a link to %s, which the archive does not hold".formatted(target));
    }
    return tar.read(offsets[index], sizes[index]);
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
  public String sha256() {
    return tar.sha256();
  }

  @Override
  public void close() {
    tar.close();
  }
}
