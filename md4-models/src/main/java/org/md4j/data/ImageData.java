package org.md4j.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Opens a set of pictures of any form that md4 reads: a folder or tar archive of JPEG and PNG files
 * ({@link ImageFiles}), or an IDX file ({@link IdxImages}). The content decides, not the name;
 * except that what is packed by gzip must end in {@code gz}.
 */
public final class ImageData {
  private static final int HEAD = 512;
  private static final byte[] IDX = {0, 0, 8, 3};
  private static final byte[] TAR = {'u', 's', 't', 'a', 'r'};
  private static final int TAR_OFFSET = 257;

  private ImageData() {}

  /**
   * Opens a set.
   *
   * @param path folder or file; of an IDX set the picture file, whose labels are read too if they
   *     lie beside it under the published name ({@code images-idx3} becoming {@code labels-idx1})
   * @param geometry how the pictures come to have one size
   * @throws DataException if there is no such set, it is of no known form, or cannot be used
   */
  public static ImageSource open(Path path, ImageGeometry geometry) {
    if (!Files.exists(path)) {
      throw new DataException("pictures (" + path + ") must be an existing folder or file");
    }
    if (Files.isDirectory(path)) {
      return ImageFiles.open(path, geometry);
    }
    byte[] head = head(path);
    if (holds(head, TAR_OFFSET, TAR)) {
      return ImageFiles.open(path, geometry);
    }
    if (holds(head, 0, IDX)) {
      return resized(IdxImages.read(path, idxLabels(path)), geometry);
    }
    throw new DataException(
        "%s must be a folder or tar archive of JPEG and PNG files, or an IDX file of pictures"
            .formatted(path));
  }

  private static ImageSource resized(ImageSource source, ImageGeometry geometry) {
    try {
      return ResizedImages.of(source, geometry);
    } catch (DataException e) {
      source.close();
      throw e;
    }
  }

  private static @Nullable Path idxLabels(Path images) {
    String name = StoredBytes.nameOf(images).replace("images-idx3", "labels-idx1");
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    for (String candidate : new String[] {plain, plain + ".gz"}) {
      Path labels = images.resolveSibling(candidate);
      if (!labels.equals(images) && plain.contains("labels-idx1") && Files.exists(labels)) {
        return labels;
      }
    }
    return null;
  }

  /** The first bytes of a file, unpacked. */
  private static byte[] head(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      boolean packed = StoredBytes.nameOf(file).endsWith("gz");
      return (packed ? new GZIPInputStream(in) : in).readNBytes(HEAD);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + StoredBytes.reason(e), e);
    }
  }

  private static boolean holds(byte[] head, int at, byte[] magic) {
    return head.length >= at + magic.length
        && Arrays.equals(Arrays.copyOfRange(head, at, at + magic.length), magic);
  }
}
