package org.md4j.cli.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.md4j.data.image.IdxImages;
import org.md4j.data.image.ImageSource;

/** The pictures that come with md4: a part of Fashion-MNIST, 28x28 grey, ten classes. */
public final class FashionImages {
  private static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private FashionImages() {}

  /** 8,000 pictures to train on; the first of the published training set. */
  public static ImageSource training() {
    return read("train");
  }

  /** 1,000 pictures to be judged on; the next of the published training set. */
  public static ImageSource validation() {
    return read("valid");
  }

  private static ImageSource read(String part) {
    try (InputStream images = resource(part + "-images-idx3-ubyte.gz");
        InputStream labels = resource(part + "-labels-idx1-ubyte.gz")) {
      return IdxImages.read("fashion-" + part, CLASSES, images, labels);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        FashionImages.class.getResourceAsStream("/org/md4j/cli/data/fashion/" + name));
  }
}
