package org.md4j.data.image;

import java.util.List;
import org.md4j.core.Checks;
import org.md4j.data.DataException;

/**
 * Images that lie in files as raw bytes, one record each, all records of a length; read when they
 * are asked for.
 */
final class RecordImages implements ImageSource {
  private final String name;
  private final ImageShape shape;
  private final boolean planar;
  private final List<Part> parts;
  private final List<String> classNames;
  private final String sha256;
  private final long size;

  /**
   * Takes over files, which it will close.
   *
   * @param planar whether a record holds its colours one plane after the other
   * @param parts where the records lie, in the order of their numbers
   * @param classNames empty if the parts have no labels
   */
  RecordImages(
      String name,
      ImageShape shape,
      boolean planar,
      List<Part> parts,
      List<String> classNames,
      String sha256) {
    this.name = name;
    this.shape = shape;
    this.planar = planar;
    this.parts = List.copyOf(parts);
    this.classNames = List.copyOf(classNames);
    this.sha256 = sha256;
    this.size = parts.stream().mapToLong(Part::count).sum();
    if (size == 0) {
      throw new DataException(name + " must hold at least one image, got none");
    }
    for (Part part : parts) {
      for (short label : part.labels()) {
        if (label < 0 || label >= classNames.size()) {
          throw new DataException(
              "%s: every label must be in [0, %d), got %d"
                  .formatted(part.bytes().name(), classNames.size(), label));
        }
      }
    }
  }

  /**
   * Records in one file.
   *
   * @param bytes closed with the images
   * @param offset where the pixels of record 0 begin
   * @param stride bytes from one record's pixels to the next one's
   * @param count records
   * @param labels one each, or none at all
   */
  record Part(StoredBytes bytes, long offset, long stride, int count, short[] labels) {
    Part {
      if (labels.length != 0 && labels.length != count) {
        throw new DataException(
            "%s: labels must be as many as images, %d, got %d"
                .formatted(bytes.name(), count, labels.length));
      }
    }
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void row(long index, int[] into) {
    Checks.row(this, index, into);
    long within = index;
    for (Part part : parts) {
      if (within < part.count()) {
        byte[] pixels = part.bytes().read(part.offset() + within * part.stride(), into.length);
        if (planar) {
          ImageTokens.interleave(pixels, shape.colours(), into);
        } else {
          ImageTokens.widen(pixels, into);
        }
        return;
      }
      within -= part.count();
    }
  }

  @Override
  public int label(long index) {
    Checks.index(this, index);
    if (classNames.isEmpty()) {
      return ImageSource.super.label(index);
    }
    long within = index;
    for (Part part : parts) {
      if (within < part.count()) {
        return part.labels()[(int) within];
      }
      within -= part.count();
    }
    throw new AssertionError("the parts hold all of [0, size)");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public void close() {
    parts.forEach(part -> part.bytes().close());
  }

  @Override
  public String toString() {
    return "%s [%d images of %s]".formatted(name, size, shape);
  }
}
