package org.md4j.data.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;

/**
 * Reads CIFAR-10 as it is published, 32x32 in ten classes: the binary version ({@code
 * data_batch_1.bin}, ...) or the Python version ({@code data_batch_1}, ...; no Python is needed),
 * in a folder, or as the {@code .tar.gz} it is downloaded as.
 *
 * <p>The SHA-256 is that of the lines {@code sha256sum} prints of the batch files, by their names.
 */
public final class Cifar10Images {
  static final int SIDE = 32;

  private static final ImageShape SHAPE = new ImageShape(SIDE, SIDE, 3);
  private static final Pattern TRAINING = Pattern.compile("data_batch_[1-5](\\.bin)?");
  private static final Pattern TEST = Pattern.compile("test_batch(\\.bin)?");
  private static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private Cifar10Images() {}

  /**
   * Opens the 50,000 training images, those of the batches that are there.
   *
   * @param path folder, archive, or one batch file of any part
   * @throws DataException if there are no batches or one is damaged
   */
  public static ImageSource training(Path path) {
    return open(path, "training", TRAINING);
  }

  /**
   * Opens the 10,000 test images.
   *
   * @param path folder, archive, or one batch file of any part
   * @throws DataException if there is no test batch or it is damaged
   */
  public static ImageSource test(Path path) {
    return open(path, "test", TEST);
  }

  /** Whether a file of this name is a batch. */
  static boolean isBatch(String path) {
    String name = ImageListing.baseName(path);
    return TRAINING.matcher(name).matches() || TEST.matcher(name).matches();
  }

  private static ImageSource open(Path path, String part, Pattern names) {
    List<StoredBytes> opened = new ArrayList<>();
    try {
      List<FilePart> files = files(path, name -> names.matcher(name).matches(), opened);
      if (files.isEmpty()) {
        throw new DataException(
            "%s must hold the %s batches of CIFAR-10 (%s), got none"
                .formatted(path, part, names.pattern()));
      }
      Sha256 sha256 = new Sha256();
      List<RecordImages.Part> records = new ArrayList<>();
      for (FilePart file : files) {
        sha256.addFile(file.name(), file.sha256());
        records.add(CifarBatch.open(file));
      }
      String name = Files.isRegularFile(path) ? StoredBytes.nameOf(path) : "CIFAR-10 " + part;
      return new RecordImages(name, SHAPE, true, records, CLASSES, sha256.hex());
    } catch (IOException e) {
      opened.forEach(StoredBytes::close);
      throw new DataException(path + " cannot be read: " + FailureText.reason(e), e);
    } catch (DataException e) {
      opened.forEach(StoredBytes::close);
      throw e;
    }
  }

  private static List<FilePart> files(Path path, Predicate<String> wanted, List<StoredBytes> opened)
      throws IOException {
    List<FilePart> files = new ArrayList<>();
    if (Files.isDirectory(path)) {
      try (Stream<Path> listed = Files.list(path)) {
        for (Path file :
            listed.filter(file -> wanted.test(StoredBytes.nameOf(file))).sorted().toList()) {
          opened.add(StoredBytes.open(file));
          files.add(FilePart.whole(opened.get(opened.size() - 1)));
        }
      }
      return files;
    }
    StoredBytes bytes = StoredBytes.open(path);
    opened.add(bytes);
    if (isBatch(bytes.name())) {
      return List.of(FilePart.whole(bytes));
    }
    @SuppressWarnings("resource") // The channel under it belongs to the set and stays open.
    TarArchiveInputStream entries =
        new TarArchiveInputStream(new BufferedInputStream(bytes.stream(), 1 << 16));
    for (TarArchiveEntry entry = entries.getNextTarEntry();
        entry != null;
        entry = entries.getNextTarEntry()) {
      String name = ImageListing.baseName(entry.getName());
      if (entry.isFile() && wanted.test(name)) {
        files.add(new FilePart(name, bytes, entries.getBytesRead(), entry.getSize()));
      }
    }
    files.sort(Comparator.comparing(FilePart::name));
    return files;
  }
}
