package org.md4j.quality;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes features by a network in an ONNX file that the user supplies; with the Inception network
 * of the FID, {@link FrechetDistance} is an FID. Needs {@code
 * com.microsoft.onnxruntime:onnxruntime}, which this library names as optional.
 *
 * <p>The file holds its weights itself and has one input [B, 3, S, S], float, the first size free,
 * in [-1, 1], and one output [B, F]. For the FID, S = 299 and F = 2,048, the pooled features of the
 * Inception network that pytorch-fid uses, exported with {@code resize_input=False,
 * normalize_input=False}. No such file is published in one agreed form, so no hash can be demanded:
 * that of the file used is part of {@link #name}, and with it of every {@link FeatureStatistics}
 * made of it.
 *
 * <p>Images are resized as pytorch-fid does, bilinearly between pixel centres and without
 * smoothing, then scaled from 0..255 to [-1, 1]; grey ones get three equal colours.
 *
 * <p>Source: the resizing is PyTorch's {@code interpolate(mode='bilinear', align_corners=False)}.
 */
public final class OnnxFeatures implements ImageFeatures {
  private static final int COLOURS = 3;
  private static final String FOLDER_OF_OTHER_FILES =
      "session.model_external_initializers_file_folder_path";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final String name;
  private final int size;
  private final int width;
  private final int imageHeight;
  private final int imageWidth;
  private final int imageColours;

  private OnnxFeatures(
      OrtEnvironment environment,
      OrtSession session,
      Path file,
      String name,
      int imageHeight,
      int imageWidth,
      int imageColours)
      throws OrtException {
    this.environment = environment;
    this.session = session;
    this.imageHeight = imageHeight;
    this.imageWidth = imageWidth;
    this.imageColours = imageColours;
    input = session.getInputNames().iterator().next();
    ValueInfo inInfo = session.getInputInfo().values().iterator().next().getInfo();
    ValueInfo outInfo = session.getOutputInfo().values().iterator().next().getInfo();
    long[] in = shape(inInfo);
    long[] out = shape(outInfo);
    if (session.getNumInputs() != 1
        || session.getNumOutputs() != 1
        || in.length != 4
        || in[0] >= 0
        || in[1] != COLOURS
        || in[2] < 1
        || in[2] != in[3]
        || out.length != 2
        || out[1] < 1) {
      throw new DataException(
          "ONNX file (%s) must have one input [B, 3, S, S] and one output [B, F], both float, with B free, got %s and %s"
              .formatted(file, inInfo, outInfo));
    }
    size = (int) in[2];
    width = (int) out[1];
    this.name = name;
  }

  /**
   * Opens a network.
   *
   * @param file the ONNX file
   * @param height height of the images to come
   * @param width width of the images to come
   * @param colours colours of a pixel, 1 or 3
   * @throws DataException if the file is missing, no network, or one of other shapes
   */
  public static OnnxFeatures open(Path file, int height, int width, int colours) {
    if (height < 1 || width < 1 || (colours != 1 && colours != COLOURS)) {
      throw new IllegalArgumentException(
          "height (%d) and width (%d) must be at least 1, colours (%d) must be 1 or 3"
              .formatted(height, width, colours));
    }
    if (!Files.isRegularFile(file)) {
      throw new DataException("ONNX file (" + file + ") must be an existing file");
    }
    byte[] network = read(file);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      // No folder, so that no other file is found: the hash would not be that of its weights.
      options.addConfigEntry(FOLDER_OF_OTHER_FILES, file.toString());
      String name = "onnx %s, sha256 %s".formatted(file.getFileName(), Sha256.of(network));
      return new OnnxFeatures(
          environment,
          environment.createSession(network, options),
          file,
          name,
          height,
          width,
          colours);
    } catch (OrtException e) {
      throw new DataException(
          "ONNX file (%s) cannot be used, or not without weights in another file: %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DataException(
          "ONNX file (%s) cannot be read: %s".formatted(file, FailureText.reason(e)), e);
    }
  }

  /** The shape of a float tensor, sizes that are free negative; [0] of anything else. */
  private static long[] shape(ValueInfo info) {
    return info instanceof TensorInfo tensor && tensor.type == OnnxJavaType.FLOAT
        ? tensor.getShape()
        : new long[0];
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public INDArray features(int[][] images) {
    FloatBuffer values = FloatBuffer.allocate(images.length * COLOURS * size * size);
    for (int[] image : images) {
      if (image.length != imageHeight * imageWidth * imageColours) {
        throw new IllegalArgumentException(
            "images must have rows of N = %d * %d * %d tokens, got %d"
                .formatted(imageHeight, imageWidth, imageColours, image.length));
      }
      for (int k = 0; k < COLOURS; k++) {
        put(image, k % imageColours, values);
      }
    }
    long[] shape = {images.length, COLOURS, size, size};
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, values.flip(), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      return Nd4j.createFromArray((float[][]) result.get(0).getValue());
    } catch (OrtException e) {
      throw new DataException(name + " failed: " + e.getMessage(), e);
    }
  }

  /** Appends one colour of an image, resized and scaled, row by row. */
  private void put(int[] image, int colour, FloatBuffer values) {
    for (int y = 0; y < size; y++) {
      double v = source(y, imageHeight);
      int top = (int) v;
      int bottom = Math.min(top + 1, imageHeight - 1);
      for (int x = 0; x < size; x++) {
        double u = source(x, imageWidth);
        int left = (int) u;
        int right = Math.min(left + 1, imageWidth - 1);
        double upper = mix(at(image, top, left, colour), at(image, top, right, colour), u - left);
        double lower =
            mix(at(image, bottom, left, colour), at(image, bottom, right, colour), u - left);
        values.put((float) (mix(upper, lower, v - top) / 127.5 - 1));
      }
    }
  }

  private double source(int place, int length) {
    return Math.max(0, (place + 0.5) * length / size - 0.5);
  }

  private int at(int[] image, int y, int x, int colour) {
    return image[(y * imageWidth + x) * imageColours + colour];
  }

  private static double mix(double a, double b, double share) {
    return a + share * (b - a);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(name + " cannot be closed: " + e.getMessage(), e);
    }
  }
}
