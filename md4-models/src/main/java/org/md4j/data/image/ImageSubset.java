package org.md4j.data.image;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import org.md4j.core.Checks;

/** Some images of a set, in an order of their own. A view: it is not to be closed. */
final class ImageSubset extends ImageView {
  private final String part;
  private final long size;
  private final LongUnaryOperator place;

  private ImageSubset(ImageSource all, String part, long size, LongUnaryOperator place) {
    super(all);
    this.part = part;
    this.size = size;
    this.place = place;
  }

  /** Takes the images with the given numbers, in this order. */
  static ImageSubset of(ImageSource all, String part, long[] chosen) {
    long[] kept = chosen.clone();
    if (kept.length == 0) {
      throw new IllegalArgumentException("chosen must have at least one number, got none");
    }
    for (long index : kept) {
      Checks.index(all, index);
    }
    return new ImageSubset(all, part, kept.length, index -> kept[(int) index]);
  }

  /**
   * Takes all images but those with the given numbers.
   *
   * @param left ascending, none twice
   */
  static ImageSubset without(ImageSource all, String part, long[] left) {
    // Images that stay before each one that is left out.
    long[] before = new long[left.length];
    Arrays.setAll(before, j -> left[j] - j);
    return new ImageSubset(
        all, part, all.size() - left.length, index -> index + countUpTo(before, index));
  }

  /** Counts the entries of an ascending array that are at most a value. */
  private static int countUpTo(long[] ascending, long value) {
    int from = 0;
    int to = ascending.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (ascending[middle] <= value) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private long place(long index) {
    Checks.index(this, index);
    return place.applyAsLong(index);
  }

  @Override
  public String imageName(long index) {
    return all().imageName(place(index));
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void row(long index, int[] into) {
    all().row(place(index), into);
  }

  @Override
  public int label(long index) {
    return all().label(place(index));
  }

  @Override
  public void prefetch(long... indices) {
    all().prefetch(Arrays.stream(indices).map(this::place).toArray());
  }

  @Override
  public String name() {
    return "%s, %s".formatted(all().name(), part);
  }

  /** Does nothing: the set behind this belongs to who opened it. */
  @Override
  public void close() {}
}
