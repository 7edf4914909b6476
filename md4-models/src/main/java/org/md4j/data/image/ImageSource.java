package org.md4j.data.image;

import java.util.List;
import org.md4j.core.RowSource;
import org.md4j.core.Vocabulary;

/**
 * A numbered set of images of one shape, each a row of bytes 0 to 255 laid out as {@link
 * ImageShape} says; perhaps labelled.
 *
 * <p>The same index gives the same image always, to any thread. Memory does not grow with the
 * images, at most with an index of where they lie; a source may hold files open, so close it.
 */
public interface ImageSource extends RowSource, AutoCloseable {
  /** The shape of every image. */
  ImageShape shape();

  /** The names of the K classes, class 0 first; empty if the images have no labels. */
  List<String> classNames();

  /**
   * The name of one image, such as that of its file; by default its number.
   *
   * @param index in {@code [0, size)}
   */
  default String imageName(long index) {
    return "image " + index;
  }

  /**
   * Returns some of these images in another order. A view: closing it does nothing, and it ends
   * with this.
   *
   * @param part what reports call it
   * @param indices numbers of images here, at least one, some perhaps more than once
   */
  default ImageSource subset(String part, long... indices) {
    return ImageSubset.of(this, part, indices);
  }

  /**
   * Returns the same images with their classes numbered as another set numbers them, by their
   * names; classes that no image here is of do not matter. A view: closing it closes this.
   *
   * @param names of the other set's classes, class 0 first
   * @throws org.md4j.data.DataException if an image may be of a class that is not among them
   */
  default ImageSource withClassNames(List<String> names) {
    return RenumberedClasses.of(this, names);
  }

  /** The 256 values of a byte. */
  @Override
  default Vocabulary vocabulary() {
    return ImageTokens.VOCABULARY;
  }

  @Override
  default int length() {
    return shape().tokens();
  }

  @Override
  default int classes() {
    return classNames().size();
  }

  /** Closes files; no image can be read any more. Does nothing the second time. */
  @Override
  void close();
}
