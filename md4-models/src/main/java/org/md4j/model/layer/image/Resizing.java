package org.md4j.model.layer.image;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.Place;

/**
 * Halves or doubles the sides of images, [B, HW, channels] to [B, H'W', channels].
 *
 * <p>A smaller image has means of 2x2 pixels, a larger one 2x2 copies of each pixel. The backward
 * pass is the other of the two times the ratio of the numbers of pixels: each pixel has a quarter
 * of a mean's gradient, and the sum of its four copies' gradients, which is four times their mean.
 */
final class Resizing extends Layer {
  private final Size input;
  private final Size output;
  private final int channels;
  private final Memory out = memory();
  private final Memory inputGradient = memory();

  /** The sides of an image, in pixels. */
  record Size(long height, long width) {
    long pixels() {
      return height * width;
    }

    /** Views x [B, HW, channels] as [B, H, W, channels]. */
    Tensor images(Tensor x) {
      return x.reshape(x.size(0), height, width, x.size(2));
    }
  }

  /**
   * Makes a layer that resizes.
   *
   * @param input size of the images that are given
   * @param output size of the result: half or twice the input's sides, both of them
   */
  Resizing(Place place, Size input, Size output, int channels) {
    super(place);
    this.input = input;
    this.output = output;
    this.channels = channels;
  }

  /** Resizes images [B, H, W, channels] to those of the other size. */
  private void resize(Tensor images, Tensor resized) {
    if (resized.length() > images.length()) {
      compute().enlarge(images, resized);
    } else {
      compute().averagePool(images, resized);
    }
  }

  @Override
  protected Tensor forward(Tensor[] inputs, boolean training) {
    Tensor x = inputs[0];
    Tensor result = out.of(x.size(0), output.pixels(), channels);
    resize(input.images(x), output.images(result));
    return result;
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
    Tensor dX = inputGradient.of(inputs[0].shape());
    resize(output.images(outputGradient), input.images(dX));
    compute().linear(dX, (double) output.pixels() / input.pixels(), 0, dX);
    return new Tensor[] {dX};
  }
}
