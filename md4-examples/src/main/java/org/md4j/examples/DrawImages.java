package org.md4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import org.md4j.data.image.ImageData;
import org.md4j.data.image.ImageGeometry;
import org.md4j.data.image.ImageShape;
import org.md4j.data.image.ImageSplits;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.SamplingSettings;
import org.md4j.diffusion.Training;
import org.md4j.model.image.UNetConfig;
import org.md4j.train.TrainerConfig;

/**
 * Learns from a folder of images and draws new ones, side by side in one PNG file.
 *
 * <p>You learn that any set of images is opened by one call, which cuts and shrinks them to one
 * size, and that the shape of the network follows from theirs.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Dexample=DrawImages -Dexec.args="my-images
 * drawn.png"}
 */
public final class DrawImages {
  private DrawImages() {}

  /** Learns from the folder of the first argument and writes the file of the second. */
  public static void main(String[] args) throws IOException {
    learnAndDraw(Path.of(args[0]), 32, 500, Path.of(args[1]));
  }

  static void learnAndDraw(Path folder, int size, int steps, Path png) throws IOException {
    try (var images = ImageData.open(folder, ImageGeometry.centralCropAndResize(size))) {
      ImageShape shape = images.shape();
      var network =
          UNetConfig.builder(shape.height(), shape.width(), shape.colours())
              .embeddingWidth(16)
              .channels(32)
              .blocksPerLevel(1)
              .groups(8)
              .build();
      var training = Training.of(TrainerConfig.builder(steps, 8, 1e-3).build());
      try (var model = MaskedDiffusion.train(ImageSplits.of(images, 0.1), network, training)) {
        model.sample(8, SamplingSettings.builder().steps(32).build()).writeGrid(png, 4);
      }
    }
  }
}
