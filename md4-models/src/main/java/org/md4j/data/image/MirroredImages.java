package org.md4j.data.image;

import java.util.Arrays;
import org.md4j.core.Checks;

/** Images and after them their mirror images, left and right exchanged. */
final class MirroredImages extends ImageView {
  MirroredImages(ImageSource all) {
    super(all);
  }

  private long original(long index) {
    Checks.index(this, index);
    return index % all().size();
  }

  @Override
  public long size() {
    return 2 * all().size();
  }

  @Override
  public void row(long index, int[] into) {
    all().row(original(index), into);
    if (index < all().size()) {
      return;
    }
    int colours = shape().colours();
    int width = shape().width();
    for (int row = 0; row < into.length; row += width * colours) {
      for (int x = 0; x < width / 2; x++) {
        for (int k = 0; k < colours; k++) {
          int left = row + x * colours + k;
          int right = row + (width - 1 - x) * colours + k;
          int kept = into[left];
          into[left] = into[right];
          into[right] = kept;
        }
      }
    }
  }

  @Override
  public int label(long index) {
    return all().label(original(index));
  }

  @Override
  public String imageName(long index) {
    String name = all().imageName(original(index));
    return index < all().size() ? name : name + ", mirrored";
  }

  @Override
  public void prefetch(long... indices) {
    all().prefetch(Arrays.stream(indices).map(this::original).toArray());
  }

  @Override
  public String name() {
    return all().name() + " and mirrored";
  }

  /** Does nothing: the set behind this belongs to who opened it. */
  @Override
  public void close() {}
}
