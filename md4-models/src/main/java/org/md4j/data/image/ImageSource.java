package org.md4j.data.image;

import java.util.List;
import org.md4j.core.RowSource;
import org.md4j.core.Vocabulary;

/**
 * A numbered set of pictures of one shape, each a row of bytes 0 to 255 laid out as {@link
 * ImageShape} says; perhaps labelled.
 *
 * <p>The same index gives the same picture always, to any thread. Memory does not grow with the
 * pictures, at most with an index of where they lie; a source may hold files open, so close it.
 */
public interface ImageSource extends RowSource, AutoCloseable {
  /** The shape of every picture. */
  ImageShape shape();

  /** The names of the K classes, class 0 first; empty if the pictures have no labels. */
  List<String> classNames();

  /**
   * What one picture is called, such as the name of its file; by default its number.
   *
   * @param index in {@code [0, size)}
   */
  default String imageName(long index) {
    return "picture " + index;
  }

  /**
   * Some of these pictures in another order. A view: closing it does nothing, and it ends with
   * this.
   *
   * @param part what reports call it
   * @param indices numbers of pictures here, at least one, some perhaps more than once
   */
  default ImageSource subset(String part, long... indices) {
    return ImageSubset.of(this, part, indices);
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

  /** Lets go of files; no picture can be read any more. Does nothing the second time. */
  @Override
  void close();
}
