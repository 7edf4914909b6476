package org.md4j.quality;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.file.FailureText;

/**
 * Judges texts by a causal language model in an ONNX file that the user supplies, as GPT-2 exported
 * by Hugging Face's Optimum without a cache ({@code --task text-generation}). Needs {@code
 * com.microsoft.onnxruntime:onnxruntime}, which this library names as optional.
 *
 * <p>The file has an input {@code input_ids}, [B, L] of 64 bits, perhaps {@code attention_mask} and
 * {@code position_ids} of the same shape, and no others; its first output is the logits, float, [B,
 * L, V], of the token after each. Weights may lie in another file beside it, as those of large
 * models do; the hash in the name is that of the file itself.
 */
public final class OnnxLanguageModel implements TextJudge {
  private static final String TOKENS = "input_ids";
  private static final String ATTENTION = "attention_mask";
  private static final String POSITIONS = "position_ids";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String name;
  private final Tokenizer tokenizer;
  private final int length;

  private OnnxLanguageModel(
      OrtEnvironment environment,
      OrtSession session,
      String name,
      Tokenizer tokenizer,
      int length) {
    this.environment = environment;
    this.session = session;
    this.name = name;
    this.tokenizer = tokenizer;
    this.length = length;
  }

  /**
   * Opens a model.
   *
   * @param file the ONNX file
   * @param tokenizer whose ids the model knows
   * @param length the longest context the model takes, at least 2; 1,024 for GPT-2
   * @throws DataException if the file is missing, no network, or one of other inputs
   */
  public static OnnxLanguageModel open(Path file, Tokenizer tokenizer, int length) {
    if (length < 2) {
      throw new IllegalArgumentException("length (" + length + ") must be at least 2");
    }
    if (!Files.isRegularFile(file)) {
      throw new DataException("ONNX file (" + file + ") must be an existing file");
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession session;
    String name;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      name = "onnx %s, sha256 %s".formatted(file.getFileName(), sha256(file));
      session = environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw new DataException(
          "ONNX file (%s) cannot be used: %s".formatted(file, e.getMessage()), e);
    }
    OnnxLanguageModel model = new OnnxLanguageModel(environment, session, name, tokenizer, length);
    try {
      model.requireInputs(file);
    } catch (DataException e) {
      model.close();
      throw e;
    }
    return model;
  }

  private static String sha256(Path file) {
    try (var content = Files.newInputStream(file)) {
      return Sha256.of(content);
    } catch (IOException e) {
      throw new DataException(
          "ONNX file (%s) cannot be read: %s".formatted(file, FailureText.reason(e)), e);
    }
  }

  private void requireInputs(Path file) {
    try {
      Map<String, NodeInfo> inputs = session.getInputInfo();
      NodeInfo output = session.getOutputInfo().values().iterator().next();
      boolean known =
          inputs.containsKey(TOKENS)
              && inputs.entrySet().stream()
                  .allMatch(
                      input ->
                          isName(input.getKey()) && is(input.getValue(), OnnxJavaType.INT64, 2));
      if (known && is(output, OnnxJavaType.FLOAT, 3)) {
        requireSize(((TensorInfo) output.getInfo()).getShape()[2]);
      } else {
        throw new DataException(
            "ONNX file (%s) must have inputs input_ids and perhaps attention_mask and position_ids, [B, L] of 64 bits, and first the output logits, [B, L, V], got inputs %s: export it without a cache of keys and values"
                .formatted(file, inputs.keySet()));
      }
    } catch (OrtException e) {
      throw new DataException(
          "ONNX file (%s) cannot be used: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Checks how many logits there are; a negative number is not known yet. */
  private void requireSize(long size) {
    if (size >= 0 && size < tokenizer.vocabulary().size()) {
      throw new DataException(
          "%s must know the %d tokens of its tokenizer, got logits of %d: is it the model's own?"
              .formatted(name, tokenizer.vocabulary().size(), size));
    }
  }

  private static boolean isName(String input) {
    return input.equals(TOKENS) || input.equals(ATTENTION) || input.equals(POSITIONS);
  }

  private static boolean is(NodeInfo node, OnnxJavaType type, int dimensions) {
    return node.getInfo() instanceof TensorInfo tensor
        && tensor.type == type
        && tensor.getShape().length == dimensions;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Judgement judge(List<String> parts) {
    double nats = 0;
    int judged = 0;
    for (int[] piece : JudgedPieces.of(tokenizer, parts, length)) {
      nats += nats(piece);
      judged += piece.length - 1;
    }
    return new Judgement(nats, judged);
  }

  private double nats(int[] piece) {
    long[] shape = {1, piece.length};
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      put(inputs, TOKENS, Arrays.stream(piece).asLongStream().toArray(), shape);
      put(inputs, ATTENTION, LongStream.range(0, piece.length).map(n -> 1).toArray(), shape);
      put(inputs, POSITIONS, LongStream.range(0, piece.length).toArray(), shape);
      try (OrtSession.Result result = session.run(inputs)) {
        OnnxTensor logits = (OnnxTensor) result.get(0);
        int size = (int) logits.getInfo().getShape()[2];
        requireSize(size);
        FloatBuffer values = logits.getFloatBuffer();
        double nats = 0;
        for (int n = 1; n < piece.length; n++) {
          nats += crossEntropy(values, (n - 1) * size, size, piece[n]);
        }
        return nats;
      }
    } catch (OrtException e) {
      throw new DataException(name + " failed: " + e.getMessage(), e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /** Adds an input if the model has it. */
  private void put(Map<String, OnnxTensor> inputs, String input, long[] values, long[] shape)
      throws OrtException {
    if (session.getInputNames().contains(input)) {
      inputs.put(input, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
    }
  }

  private static double crossEntropy(FloatBuffer logits, int from, int size, int target) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < size; v++) {
      largest = Math.max(largest, logits.get(from + v));
    }
    double total = 0;
    for (int v = 0; v < size; v++) {
      total += Math.exp(logits.get(from + v) - largest);
    }
    return largest - logits.get(from + target) + Math.log(total);
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
