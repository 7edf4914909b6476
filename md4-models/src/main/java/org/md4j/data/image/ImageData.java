package org.md4j.data.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;
import org.md4j.file.Packing;

/**
 * Opens a set of images of any form that md4 reads:
 *
 * <ul>
 *   <li>a folder or tar archive of JPEG and PNG files ({@link ImageFiles}, read ahead by {@link
 *       PrefetchingImages});
 *   <li>an IDX file of images ({@link IdxImages}), or a folder with one to learn from, whose labels
 *       are read too if they lie beside it under the published name ({@code images-idx3} becoming
 *       {@code labels-idx1}, with a dash or a dot);
 *   <li>CIFAR-10 in either version ({@link Cifar10Images}): of a folder or archive the training
 *       images, or a single batch file, such as the test batch;
 *   <li>downsampled ImageNet in npz files ({@link NpzImages}): a folder's training batches or one
 *       file.
 * </ul>
 *
 * <p>Files are told apart by their content, except that batches, and the IDX files of a folder,
 * must have their published names.
 */
public final class ImageData {
  private static final int HEAD = 512;
  private static final byte[] IDX = {0, 0, 8, 3};
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] TAR = {'u', 's', 't', 'a', 'r'};
  private static final int TAR_OFFSET = 257;

  private ImageData() {}

  /**
   * Opens a set.
   *
   * @param path folder or file
   * @param geometry how the images come to have one size
   * @throws DataException if there is no such set, it is of no known form, or cannot be used
   */
  public static ImageSource open(Path path, ImageGeometry geometry) {
    if (!Files.exists(path)) {
      throw new DataException("images (" + path + ") must be an existing folder or file");
    }
    if (Files.isDirectory(path)) {
      return folder(path, geometry);
    }
    if (Cifar10Images.isBatch(StoredBytes.nameOf(path))) {
      return resized(Cifar10Images.training(path), geometry);
    }
    byte[] head = head(path);
    if (holds(head, TAR_OFFSET, TAR) || StoredBytes.nameOf(path).endsWith(".tar")) {
      return holdsBatches(path)
          ? resized(Cifar10Images.training(path), geometry)
          : PrefetchingImages.of(ImageFiles.open(path, geometry));
    }
    if (holds(head, 0, ZIP)) {
      return resized(NpzImages.open(path), geometry);
    }
    if (holds(head, 0, IDX)) {
      return idx(path, geometry);
    }
    throw new DataException(
        "%s must be a folder or tar archive of JPEG and PNG files, IDX images, CIFAR-10 or npz"
            .formatted(path));
  }

  private static ImageSource folder(Path folder, ImageGeometry geometry) {
    try (Stream<Path> files = Files.list(folder)) {
      if (files.anyMatch(file -> Cifar10Images.isBatch(StoredBytes.nameOf(file)))) {
        return resized(Cifar10Images.training(folder), geometry);
      }
    } catch (IOException e) {
      throw new DataException(folder + " cannot be listed: " + FailureText.reason(e), e);
    }
    if (NpzImages.isIn(folder)) {
      return resized(NpzImages.open(folder), geometry);
    }
    return IdxFiles.training(folder)
        .map(images -> idx(images, geometry))
        .orElseGet(() -> PrefetchingImages.of(ImageFiles.open(folder, geometry)));
  }

  /**
   * Finds the part of a published set that is for testing what is learned from the rest: of a
   * folder of IDX files {@code t10k}.
   *
   * @param path what {@link #open} opens to learn from
   * @return empty if the set has no such part, or is of another form
   */
  public static Optional<Path> test(Path path) {
    return Files.isDirectory(path) ? IdxFiles.test(path) : Optional.empty();
  }

  private static ImageSource idx(Path images, ImageGeometry geometry) {
    return resized(IdxImages.read(images, IdxFiles.labels(images).orElse(null)), geometry);
  }

  /** Whether an archive is CIFAR-10: by what comes first in it, a batch or an image. */
  private static boolean holdsBatches(Path archive) {
    try (TarArchiveInputStream entries = new TarArchiveInputStream(plain(archive))) {
      for (TarArchiveEntry entry = entries.getNextTarEntry();
          entry != null;
          entry = entries.getNextTarEntry()) {
        if (entry.isFile() && Cifar10Images.isBatch(entry.getName())) {
          return true;
        }
        if (entry.isFile() && ImageListing.isImage(entry.getName())) {
          return false;
        }
      }
      return false;
    } catch (IOException e) {
      throw new DataException(archive + " cannot be read: " + FailureText.reason(e), e);
    }
  }

  private static InputStream plain(Path file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      return Packing.of(in) == Packing.GZIP ? new GZIPInputStream(in, 1 << 16) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static ImageSource resized(ImageSource source, ImageGeometry geometry) {
    try {
      return ResizedImages.of(source, geometry);
    } catch (DataException e) {
      source.close();
      throw e;
    }
  }

  /** The first bytes of a file, unpacked. */
  private static byte[] head(Path file) {
    try (InputStream in = plain(file)) {
      return in.readNBytes(HEAD);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + FailureText.reason(e), e);
    }
  }

  private static boolean holds(byte[] head, int at, byte[] magic) {
    return head.length >= at + magic.length
        && Arrays.equals(Arrays.copyOfRange(head, at, at + magic.length), magic);
  }
}
