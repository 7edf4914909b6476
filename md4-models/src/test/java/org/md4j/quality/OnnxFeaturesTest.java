package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.quality.OnnxFile.bytes;
import static org.md4j.quality.OnnxFile.join;
import static org.md4j.quality.OnnxFile.number;
import static org.md4j.quality.OnnxFile.text;
import static org.md4j.quality.OnnxFile.value;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.data.DataException;
import org.md4j.models.contract.ImageFeaturesContract;

class OnnxFeaturesTest extends ImageFeaturesContract {
  private static final double FLOAT_ROUNDING = 1e-6;

  /** Numbers of ONNX's types. */
  private static final int FLOAT = 1;

  private static final int DOUBLE = 11;

  @TempDir private Path contracted;

  @Override
  protected ImageFeatures features() {
    try {
      Path file = Files.write(contracted.resolve("flat.onnx"), flatten(4));
      return OnnxFeatures.open(file, 2, 2, 3);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected int length() {
    return 2 * 2 * 3;
  }

  @Test
  void flattensResizedImagesColourByColour(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("flat.onnx"), flatten(4));

    try (OnnxFeatures features = OnnxFeatures.open(file, 2, 2, 3)) {
      assertThat(features.width()).isEqualTo(48);
      assertThat(features.name()).matches("onnx flat\\.onnx, sha256 [0-9a-f]{64}");

      // Red grows to the right, green downwards, blue is full.
      int[] image = {0, 0, 255, 255, 0, 255, 0, 255, 255, 255, 255, 255};
      float[] row = features.features(new int[][] {image, image}).toFloatMatrix()[1];

      // PyTorch's bilinear 2 to 4 without aligned corners: 0, 1/4, 3/4, 1.
      double[] steps = {-1, -0.5, 0.5, 1};
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 4; x++) {
          assertThat((double) row[4 * y + x]).isCloseTo(steps[x], within(FLOAT_ROUNDING));
          assertThat((double) row[16 + 4 * y + x]).isCloseTo(steps[y], within(FLOAT_ROUNDING));
          assertThat((double) row[32 + 4 * y + x]).isCloseTo(1, within(FLOAT_ROUNDING));
        }
      }
    }
  }

  @Test
  void greyImagesGetThreeEqualColours(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("flat.onnx"), flatten(1));

    try (OnnxFeatures features = OnnxFeatures.open(file, 1, 1, 1)) {
      assertThat(features.features(new int[][] {{51}}).toFloatMatrix()[0])
          .containsExactly(new float[] {-0.6f, -0.6f, -0.6f}, within(1e-6f));
    }
  }

  @Test
  void whatIsNoNetworkGivesOneLine(@TempDir Path folder) throws IOException {
    Path text = Files.writeString(folder.resolve("text.onnx"), "no network");

    for (Path bad : new Path[] {text, folder.resolve("missing.onnx")}) {
      assertThatThrownBy(() -> OnnxFeatures.open(bad, 2, 2, 3))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("ONNX file (" + bad + ") ");
    }
  }

  @Test
  void networksOfOtherNumbersOrOfOneBatchSizeGiveOneLine(@TempDir Path folder) throws IOException {
    Path doubles = Files.write(folder.resolve("double.onnx"), flatten(4, DOUBLE, text(2, "B")));
    Path one = Files.write(folder.resolve("one.onnx"), flatten(4, FLOAT, number(1, 1)));

    for (Path bad : new Path[] {doubles, one}) {
      assertThatThrownBy(() -> OnnxFeatures.open(bad, 2, 2, 3))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("both float, with B free, got ");
    }
  }

  /** Or the hash in the name would not be that of the weights. */
  @Test
  void weightsInAnotherFileAreNotRead(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("apart.onnx"), weightApart("weight.data"));
    Files.write(folder.resolve("weight.data"), new byte[Float.BYTES]);

    assertThatThrownBy(() -> OnnxFeatures.open(file, 2, 2, 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("weights in another file");
  }

  /** A Flatten, whose result is multiplied by a number in another file. */
  private static byte[] weightApart(String data) throws IOException {
    byte[] place = join(text(1, "location"), text(2, data));
    byte[] weight =
        join(number(1, 1), number(2, FLOAT), text(8, "weight"), bytes(13, place), number(14, 1));
    byte[] batch = text(2, "B");
    byte[] graph =
        join(
            bytes(1, join(text(1, "images"), text(2, "flat"), text(4, "Flatten"))),
            bytes(1, join(text(1, "flat"), text(1, "weight"), text(2, "features"), text(4, "Mul"))),
            text(2, "apart"),
            bytes(5, weight),
            bytes(11, value("images", FLOAT, batch, 3, 4, 4)),
            bytes(12, value("features", FLOAT, batch, 48)));
    return join(number(1, 7), bytes(7, graph), bytes(8, number(2, 13)));
  }

  private static byte[] flatten(int size) throws IOException {
    return flatten(size, FLOAT, text(2, "B"));
  }

  /** A network of one Flatten, [B, 3, size, size] to [B, 3 size²], in ONNX's protocol buffers. */
  private static byte[] flatten(int size, int type, byte[] batch) throws IOException {
    byte[] node = join(text(1, "images"), text(2, "features"), text(4, "Flatten"));
    byte[] graph =
        join(
            bytes(1, node),
            text(2, "flatten"),
            bytes(11, value("images", type, batch, 3, size, size)),
            bytes(12, value("features", type, batch, 3 * size * size)));
    return join(number(1, 7), bytes(7, graph), bytes(8, number(2, 13)));
  }
}
