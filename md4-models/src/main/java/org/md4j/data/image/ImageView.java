package org.md4j.data.image;

import java.util.List;

/** A view of a set of images, which is asked for whatever the view does not change. */
abstract class ImageView implements ImageSource {
  private final ImageSource all;

  ImageView(ImageSource all) {
    this.all = all;
  }

  /** The set behind this. */
  final ImageSource all() {
    return all;
  }

  @Override
  public ImageShape shape() {
    return all.shape();
  }

  @Override
  public List<String> classNames() {
    return all.classNames();
  }

  @Override
  public String imageName(long index) {
    return all.imageName(index);
  }

  @Override
  public long size() {
    return all.size();
  }

  @Override
  public void row(long index, int[] into) {
    all.row(index, into);
  }

  @Override
  public int label(long index) {
    return all.label(index);
  }

  @Override
  public void prefetch(long... indices) {
    all.prefetch(indices);
  }

  @Override
  public String name() {
    return all.name();
  }

  @Override
  public String sha256() {
    return all.sha256();
  }

  @Override
  public void close() {
    all.close();
  }

  @Override
  public String toString() {
    return "%s [%d images of %s]".formatted(name(), size(), shape());
  }
}
