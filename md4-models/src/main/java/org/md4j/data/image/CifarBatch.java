package org.md4j.data.image;

import java.util.List;
import org.md4j.data.DataException;

/** Where the images and labels of one batch file of CIFAR-10 lie. */
final class CifarBatch {
  private static final int PIXELS = Cifar10Images.SIDE * Cifar10Images.SIDE * 3;
  private static final int RECORD = PIXELS + 1;

  private CifarBatch() {}

  /** Opens a batch; the Python version is one that begins with the mark of a pickle. */
  static RecordImages.Part open(FilePart file) {
    return file.name().endsWith(".bin") ? binary(file) : pickled(file);
  }

  private static RecordImages.Part binary(FilePart file) {
    if (file.size() == 0 || file.size() % RECORD != 0) {
      throw new DataException(
          "%s must be a whole number of records of %d bytes, got %d bytes: is it whole?"
              .formatted(file.name(), RECORD, file.size()));
    }
    int count = Math.toIntExact(file.size() / RECORD);
    short[] labels = new short[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (short) (file.read((long) i * RECORD, 1)[0] & 0xFF);
    }
    return new RecordImages.Part(file.bytes(), file.offset() + 1, RECORD, count, labels);
  }

  private static RecordImages.Part pickled(FilePart file) {
    Pickle pickle = Pickle.read(file);
    Pickle.Bytes pixels = pickle.array("data");
    List<Integer> numbers = pickle.integers("labels");
    if (pixels.size() != (long) numbers.size() * PIXELS) {
      throw new DataException(
          "%s must have %d bytes of data for %d labels, got %d"
              .formatted(
                  file.name(), (long) numbers.size() * PIXELS, numbers.size(), pixels.size()));
    }
    short[] labels = new short[numbers.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (short) Math.max(-1, Math.min(Short.MAX_VALUE, numbers.get(i)));
    }
    return new RecordImages.Part(
        file.bytes(), file.offset() + pixels.offset(), PIXELS, labels.length, labels);
  }
}
