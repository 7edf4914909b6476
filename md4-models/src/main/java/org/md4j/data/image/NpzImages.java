package org.md4j.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.ChecksumVerifyingInputStream;
import org.jspecify.annotations.Nullable;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;

/**
 * Reads downsampled ImageNet as Chrabaszcz, Loshchilov and Hutter (arXiv 1707.08819) publish it:
 * NumPy archives ({@code .npz}) with an array {@code data} of bytes, [n, 3 * side * side], the red
 * plane of each image first, and {@code labels} from 1 on, which become classes from 0 on.
 *
 * <p>Arrays that are stored as they are stay in their file; packed ones are unpacked once to a
 * temporary file; checksums of either are compared. The SHA-256 of one file is its own, of several
 * that of the lines {@code sha256sum} prints of them.
 */
public final class NpzImages {
  private static final Pattern TRAINING = Pattern.compile("train_data_batch_(\\d{1,3})\\.npz");
  private static final String VALIDATION = "val_data.npz";

  private NpzImages() {}

  /**
   * Opens a set.
   *
   * @param path one file, or a folder of {@code train_data_batch_1.npz} and so on, taken together,
   *     or if there is none of those of {@code val_data.npz}
   * @throws DataException if there is no such file or one is not of this form
   */
  public static ImageSource open(Path path) {
    List<Path> files = Files.isDirectory(path) ? files(path) : List.of(path);
    if (files.isEmpty()) {
      throw new DataException(
          "%s must hold train_data_batch_1.npz, ... or %s, got none".formatted(path, VALIDATION));
    }
    List<StoredBytes> opened = new ArrayList<>();
    try {
      List<RecordImages.Part> parts = new ArrayList<>();
      Sha256 sha256 = new Sha256();
      int tokens = 0;
      for (Path file : files) {
        StoredBytes bytes = StoredBytes.open(file);
        opened.add(bytes);
        sha256.addFile(bytes.name(), bytes.sha256());
        RecordImages.Part part = part(file, bytes, opened);
        if (tokens != 0 && tokens != part.stride()) {
          throw new DataException(
              "%s must have images of %d bytes as the files before it, got %d"
                  .formatted(bytes.name(), tokens, part.stride()));
        }
        tokens = (int) part.stride();
        parts.add(part);
      }
      int side = (int) Math.round(Math.sqrt(tokens / 3.0));
      opened.stream()
          .filter(bytes -> parts.stream().noneMatch(part -> part.bytes() == bytes))
          .forEach(StoredBytes::close);
      return new RecordImages(
          StoredBytes.nameOf(path.toAbsolutePath().normalize()),
          new ImageShape(side, side, 3),
          true,
          parts,
          classNames(parts),
          files.size() == 1 ? opened.get(0).sha256() : sha256.hex());
    } catch (DataException e) {
      opened.forEach(StoredBytes::close);
      throw e;
    }
  }

  /** Whether a folder holds files of this form, by their names. */
  static boolean isIn(Path folder) {
    return !files(folder).isEmpty();
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> listed = Files.list(folder)) {
      List<Path> batches =
          listed
              .filter(file -> number(file) >= 0)
              .sorted(Comparator.comparingInt(NpzImages::number))
              .toList();
      Path validation = folder.resolve(VALIDATION);
      return batches.isEmpty() && Files.isRegularFile(validation) ? List.of(validation) : batches;
    } catch (IOException e) {
      throw new DataException(folder + " cannot be listed: " + FailureText.reason(e), e);
    }
  }

  private static int number(Path file) {
    Matcher matcher = TRAINING.matcher(StoredBytes.nameOf(file));
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  private static List<String> classNames(List<RecordImages.Part> parts) {
    int classes = 0;
    int labelled = 0;
    for (RecordImages.Part part : parts) {
      labelled += part.labels().length == 0 ? 0 : 1;
      for (short label : part.labels()) {
        classes = Math.max(classes, label + 1);
      }
    }
    if (labelled != 0 && labelled != parts.size()) {
      throw new DataException("labels must be in every file or in none, got some");
    }
    return IntStream.rangeClosed(1, classes).mapToObj(Integer::toString).toList();
  }

  private static RecordImages.Part part(Path path, StoredBytes file, List<StoredBytes> opened) {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      FilePart data = array(zip, file, "data.npy", opened);
      if (data == null) {
        throw new DataException(file.name() + " must have an array called data, got none");
      }
      NpyHeader header = NpyHeader.read(data);
      int tokens = header.columns();
      int side = (int) Math.round(Math.sqrt(tokens / 3.0));
      if (!header.type().equals("|u1") || tokens < 3 || 3 * side * side != tokens) {
        throw new DataException(
            "%s: data must be bytes (|u1) of shape [n, 3 * side * side], got %s of %s"
                .formatted(file.name(), header.type(), header.shape()));
      }
      FilePart labels = array(zip, file, "labels.npy", opened);
      return new RecordImages.Part(
          data.bytes(),
          data.offset() + header.length(),
          tokens,
          header.rows(),
          labels == null ? new short[0] : labels(file.name(), labels));
    } catch (IOException e) {
      throw new DataException(file.name() + " must be an npz archive: " + FailureText.reason(e), e);
    }
  }

  private static short[] labels(String name, FilePart file) {
    NpyHeader header = NpyHeader.read(file);
    long[] numbers = header.integers(file);
    short[] labels = new short[numbers.length];
    for (int i = 0; i < labels.length; i++) {
      if (numbers[i] < 1 || numbers[i] > Short.MAX_VALUE) {
        throw new DataException(
            "%s: labels must be numbers from 1 on, got %d".formatted(name, numbers[i]));
      }
      labels[i] = (short) (numbers[i] - 1);
    }
    return labels;
  }

  /** A checksum is compared only when all bytes have come. */
  private static void requireWhole(String title, ZipArchiveEntry entry, long bytes) {
    if (bytes != entry.getSize()) {
      throw new DataException(
          "%s must have %d bytes, got %d: is it whole?".formatted(title, entry.getSize(), bytes));
    }
  }

  private static @Nullable FilePart array(
      ZipFile zip, StoredBytes file, String name, List<StoredBytes> opened) throws IOException {
    ZipArchiveEntry entry = zip.getEntry(name);
    if (entry == null) {
      return null;
    }
    String title = file.name() + "/" + name;
    try (InputStream checked =
        new ChecksumVerifyingInputStream(
            new CRC32(), zip.getInputStream(entry), entry.getSize(), entry.getCrc())) {
      if (entry.getMethod() == ZipArchiveEntry.STORED) {
        requireWhole(title, entry, checked.transferTo(OutputStream.nullOutputStream()));
        return new FilePart(title, file, entry.getDataOffset(), entry.getSize());
      }
      StoredBytes unpacked = StoredBytes.unpack(title, checked);
      opened.add(unpacked);
      requireWhole(title, entry, unpacked.size());
      return FilePart.whole(unpacked);
    }
  }
}
