package org.md4j.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.md4j.core.Checks;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images in JPEG or PNG files, in a folder or in a tar archive (also packed by gzip); the form
 * downsampled ImageNet is published in. Decoded when they are asked for, as red, green and blue.
 *
 * <p>Every file whose name ends in png, jpg, jpeg, jfif or jpe is an image, unless the name begins
 * with a dot. Their classes come from the first of these that there is:
 *
 * <ol>
 *   <li>a file {@code labels.tsv}: a header line, then a line an image with columns {@code file},
 *       {@code class} (from 0) and perhaps {@code name};
 *   <li>a file {@code val_annotations.txt}, as Tiny-ImageNet has: file and class name in the first
 *       two columns; classes are numbered in the order of their names;
 *   <li>sub-folders: if each image lies in one below the folder that holds them all, they are the
 *       classes, numbered in the order of their names.
 * </ol>
 *
 * <p>A folder's images are numbered by their names, sorted folder by folder, an archive's by their
 * order in it. The SHA-256 of an archive is that of the tar file, unpacked; of a folder that of the
 * lines {@code sha256sum} prints of all images in this order.
 *
 * <p>All images are decoded once when a set is opened, on all cores: one that cannot be read is
 * left out, and a set with too many of them is refused.
 */
public final class ImageFiles implements ImageSource {
  private static final Logger LOG = LoggerFactory.getLogger(ImageFiles.class);

  /** The most unreadable images that {@link #open(Path, ImageGeometry)} leaves out. */
  public static final int UNREADABLE_LIMIT = 100;

  private final ImageListing files;
  private final ImageClasses classes;
  private final ImageGeometry geometry;
  private final ImageCheck.Result checked;

  private ImageFiles(ImageListing files, ImageGeometry geometry, int unreadableLimit) {
    this.files = files;
    this.classes = ImageClasses.of(files);
    this.geometry = geometry;
    this.checked = ImageCheck.run(files, geometry, unreadableLimit);
  }

  /**
   * Opens a folder or archive as {@link #open(Path, ImageGeometry, int)} does, leaving out at most
   * {@value #UNREADABLE_LIMIT} unreadable images.
   */
  public static ImageFiles open(Path folderOrTar, ImageGeometry geometry) {
    return open(folderOrTar, geometry, UNREADABLE_LIMIT);
  }

  /**
   * Opens a folder or archive and decodes every image in it once.
   *
   * @param folderOrTar a folder, or a file of tar, perhaps packed by gzip
   * @param geometry how the images come to have one size
   * @param unreadableLimit how many images may be left out because they cannot be read, at least 0
   * @throws DataException if there are no images, more unreadable ones than the limit, one of
   *     another size than the others (names the first), or the archive is damaged
   */
  public static ImageFiles open(Path folderOrTar, ImageGeometry geometry, int unreadableLimit) {
    if (unreadableLimit < 0) {
      throw new IllegalArgumentException(
          "unreadableLimit (" + unreadableLimit + ") must be at least 0");
    }
    ImageListing files = list(folderOrTar);
    try {
      if (files.names().size() == 0) {
        throw new DataException(
            "%s must hold images (%s), got none%s"
                .formatted(
                    folderOrTar,
                    String.join(", ", ImageListing.ENDINGS),
                    files.leftAside().files() == 0 ? "" : ", but " + files.leftAside()));
      }
      if (files.leftAside().files() > 0) {
        LOG.warn(
            "{}: {} files are left aside for their endings: {}",
            files.name(),
            files.leftAside().files(),
            files.leftAside());
      }
      return new ImageFiles(files, geometry, unreadableLimit);
    } catch (DataException e) {
      files.close();
      throw e;
    }
  }

  private static ImageListing list(Path folderOrTar) {
    try {
      if (Files.isDirectory(folderOrTar)) {
        return new FolderListing(folderOrTar);
      }
      StoredBytes tar = StoredBytes.open(folderOrTar);
      try {
        return new TarListing(tar);
      } catch (IOException | DataException e) {
        tar.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DataException(
          "%s cannot be read as a folder or tar archive of images: %s"
              .formatted(folderOrTar, FailureText.of(e)),
          e);
    }
  }

  /** The images that were left out because they cannot be read. */
  public List<UnreadableImage> unreadable() {
    return checked.unreadable();
  }

  @Override
  public ImageShape shape() {
    return checked.shape();
  }

  @Override
  public List<String> classNames() {
    return classes.names();
  }

  @Override
  public long size() {
    return checked.size();
  }

  @Override
  public void row(long index, int[] into) {
    Checks.row(this, index, into);
    int file = checked.file((int) index);
    try {
      Pixels pixels = ImageDecoder.decode(new EncodedImage(files.read(file)), geometry);
      if (pixels.rgb().length != into.length) {
        throw new IOException("its size is now " + pixels.size());
      }
      ImageTokens.widen(pixels.rgb(), into);
    } catch (IOException e) {
      throw new DataException(
          "%s: image %s cannot be read any more: %s"
              .formatted(files.name(), files.names().get(file), FailureText.reason(e)),
          e);
    }
  }

  @Override
  public int label(long index) {
    Checks.index(this, index);
    if (classes.names().isEmpty()) {
      return ImageSource.super.label(index);
    }
    return classes.labels()[checked.file((int) index)];
  }

  @Override
  public String imageName(long index) {
    Checks.index(this, index);
    return files.names().get(checked.file((int) index));
  }

  @Override
  public String name() {
    return files.name();
  }

  @Override
  public String sha256() {
    return checked.sha256();
  }

  @Override
  public void close() {
    files.close();
  }

  @Override
  public String toString() {
    return "%s [%d images of %s]".formatted(name(), size(), shape());
  }
}
