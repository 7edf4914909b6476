package org.md4j.data.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Images in a tar archive, in its order; an index says where each lies. */
final class TarListing implements ImageListing {
  private final StoredBytes tar;
  private final FileNames names = new FileNames();
  private final Map<String, byte[]> labelFiles = new HashMap<>();
  private final LeftAside leftAside = new LeftAside();
  private long[] offsets = new long[1024];
  private int[] sizes = new int[1024];

  /** Indexes an archive, which is closed with this. */
  TarListing(StoredBytes tar) throws IOException {
    this.tar = tar;
    @SuppressWarnings("resource") // The channel under it belongs to the archive and stays open.
    TarArchiveInputStream entries =
        new TarArchiveInputStream(new BufferedInputStream(tar.stream(), 1 << 16));
    for (TarArchiveEntry entry = entries.getNextTarEntry();
        entry != null;
        entry = entries.getNextTarEntry()) {
      String path =
          entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
      if (!entry.isFile() || entry.isSparse()) {
        continue;
      }
      long offset = entries.getBytesRead(); // Up to the end of the entry's header.
      if (offset + entry.getSize() > tar.size()) {
        throw new IOException("it ends inside " + path);
      }
      if (ImageListing.isImage(path)) {
        add(path, offset, entry.getSize());
      } else if (LABEL_FILES.contains(ImageListing.baseName(path))) {
        labelFiles.put(
            ImageListing.baseName(path), tar.read(offset, Math.toIntExact(entry.getSize())));
      } else if (!ImageListing.baseName(path).startsWith(".")) {
        leftAside.add(path);
      }
    }
  }

  private void add(String path, long offset, long size) {
    int index = names.size();
    names.add(path);
    if (index == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * index);
      sizes = Arrays.copyOf(sizes, 2 * index);
    }
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
  public byte[] read(int index) {
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
