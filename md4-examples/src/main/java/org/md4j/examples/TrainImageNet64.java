package org.md4j.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.md4j.data.image.ImageData;
import org.md4j.data.image.ImageGeometry;
import org.md4j.data.image.ImageSplits;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Training;
import org.md4j.train.ImagePreset;
import org.md4j.train.LoggingListener;

/**
 * Trains the paper's ImageNet 64x64 model (arXiv 2406.04329v4, section 6.2) and draws from it.
 *
 * <p>You learn that images are trained on as texts are: a preset, data, a checkpoint to go on from.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Pcuda -Dexample=TrainImageNet64
 * -Dexec.args="imagenet64 2000000"}, without {@code -Pcuda} on the processor
 */
public final class TrainImageNet64 {
  private TrainImageNet64() {}

  /**
   * Trains on the folder of the first argument, npz batches or image files, for the steps of the
   * second argument or the paper's.
   */
  public static void main(String[] args) throws IOException {
    ImagePreset preset = ImagePreset.IMAGENET64;
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : preset.trainer().steps();
    train(preset, Path.of(args[0]), steps, Path.of("imagenet64.md4"), Path.of("imagenet64.png"));
  }

  static void train(ImagePreset preset, Path data, int steps, Path checkpoint, Path png)
      throws IOException {
    var geometry = ImageGeometry.centralCropAndResize(preset.network().height());
    var training =
        Training.builder(preset.trainer().toBuilder().steps(steps).build())
            .checkpoint(checkpoint)
            .listener(new LoggingListener(100))
            .build();
    try (var images = ImageData.open(data, geometry)) {
      var splits = ImageSplits.of(images, 0.01);
      try (var model =
          Files.exists(checkpoint)
              ? resume(checkpoint, splits, training)
              : MaskedDiffusion.train(splits, preset.network(), training)) {
        model.sample(4).writeGrid(png, 2);
      }
    }
  }

  private static MaskedDiffusion resume(Path checkpoint, ImageSplits images, Training training) {
    try (var half = MaskedDiffusion.load(checkpoint)) {
      return half.continueTraining(images, training);
    }
  }
}
