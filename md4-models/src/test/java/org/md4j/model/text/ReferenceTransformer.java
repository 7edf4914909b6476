package org.md4j.model.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The network of spec section 7.2 written a second time, in plain Java loops straight from the
 * formulas, on the parameters of a {@link TransformerDenoiser}: slow, without dropout, one row at a
 * time.
 */
final class ReferenceTransformer {
  private static final double EPSILON = 1e-5;

  private final TransformerConfig config;
  private final Map<String, double[][]> weights = new HashMap<>();

  ReferenceTransformer(TransformerDenoiser network) {
    this.config = network.config();
    for (GraphVertex vertex : network.graph().getVertices()) {
      for (Map.Entry<String, INDArray> entry : vertex.paramTable(false).entrySet()) {
        INDArray values = entry.getValue();
        weights.put(
            vertex.getVertexName() + "." + entry.getKey(),
            values.rank() == 1
                ? new double[][] {values.toDoubleVector()}
                : values.toDoubleMatrix());
      }
    }
  }

  /**
   * Logits of every position of one row, [N][V].
   *
   * @param label of the row; not read without classes
   */
  double[][] logits(int[] tokens, double time, int label) {
    double[] cond = new double[0];
    if (config.conditioning().tellsAnything()) {
      double[] ofClass =
          config.classes() > 0 ? weights.get("classes.embedding")[label] : new double[0];
      cond = config.conditioning().tellsTime() ? conditioning(time, ofClass) : ofClass;
    }
    double[][] x = new double[tokens.length][];
    int[] read = tokens.clone();
    if (config.attention() == Attention.CAUSAL) {
      read[0] = config.vocabularySize();
      System.arraycopy(tokens, 0, read, 1, tokens.length - 1);
    }
    for (int n = 0; n < tokens.length; n++) {
      x[n] = weights.get("embedding.embedding")[read[n]];
      if (config.embedding() == TokenEmbedding.OUTSIDE) {
        x[n] =
            plus(
                times(x[n], "embedding.projectionWeight"),
                weights.get("embedding.projectionBias")[0]);
      }
      if (config.ngrams().tellsAnything()) {
        x[n] = plus(x[n], times(ngrams(read, n), "ngrams.projection"));
      }
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      x = block(x, cond, "attention" + layer, this::attention);
      x = block(x, cond, "feedForward" + layer, this::feedForward);
    }
    double[][] h = normalise(x, modulation(cond, "logits", 2), "logits");
    double[][] logits = new double[h.length][];
    for (int n = 0; n < h.length; n++) {
      logits[n] = times(h[n], "logits.logitWeight");
    }
    return logits;
  }

  /** The vectors of a position's n-grams beside each other, each of which has a row of its own. */
  private double[] ngrams(int[] read, int position) {
    double[][] table = weights.get("ngrams.ngrams");
    int symbols = config.vocabularySize() + 1;
    List<double[]> vectors = new ArrayList<>();
    int firstRow = 0;
    for (int order : config.ngrams().orders()) {
      Set<Integer> starts = new LinkedHashSet<>(List.of(position - order + 1));
      if (config.attention() == Attention.BIDIRECTIONAL) {
        starts.add(position - order / 2);
        starts.add(position);
      }
      for (int start : starts) {
        int row = 0;
        for (int i = start; i < start + order; i++) {
          row = row * symbols + (i >= 0 && i < read.length ? read[i] : symbols - 1);
        }
        vectors.add(table[firstRow + row]);
        firstRow += (int) Math.pow(symbols, order);
      }
    }
    return vectors.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private interface Core {
    double[][] of(double[][] h, String layer);
  }

  private double[] conditioning(double time, double[] ofClass) {
    int width = config.headSize();
    double[] features = new double[width];
    for (int i = 0; i < width / 2; i++) {
      double angle = 1000 * time * Math.exp(-Math.log(1e4) * i / (width / 2 - 1));
      features[i] = Math.sin(angle);
      features[width / 2 + i] = Math.cos(angle);
    }
    double[] hidden =
        plus(
            times(features, "conditioning.hiddenWeight"),
            weights.get("conditioning.hiddenBias")[0]);
    if (config.classes() > 0) {
      hidden = plus(hidden, times(ofClass, "conditioning.hiddenClassWeight"));
    }
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] *= sigmoid(hidden[i]);
    }
    return plus(
        times(hidden, "conditioning.outputWeight"), weights.get("conditioning.outputBias")[0]);
  }

  /** [shift, scale, gate] or [shift, scale]. */
  private double[][] modulation(double[] cond, String layer, int parts) {
    int width = config.width();
    double[][] result = new double[parts][width];
    if (config.conditioning().tellsAnything()) {
      double[] activated = new double[cond.length];
      for (int i = 0; i < cond.length; i++) {
        activated[i] = sigmoid(cond[i]);
      }
      double[] all =
          plus(
              times(activated, layer + ".modulationWeight"),
              weights.get(layer + ".modulationBias")[0]);
      for (int part = 0; part < parts; part++) {
        System.arraycopy(all, part * width, result[part], 0, width);
      }
    }
    return result;
  }

  private double[][] block(double[][] x, double[] cond, String layer, Core core) {
    double[][] modulation = modulation(cond, layer, 3);
    double[][] f = core.of(convolve(normalise(x, modulation, layer), layer), layer);
    double[][] out = new double[x.length][config.width()];
    for (int n = 0; n < x.length; n++) {
      for (int d = 0; d < out[n].length; d++) {
        double gate = config.conditioning().tellsAnything() ? modulation[2][d] : 1;
        out[n][d] = x[n][d] + gate * f[n][d];
      }
    }
    return out;
  }

  private double[][] normalise(double[][] x, double[][] modulation, String layer) {
    int width = config.width();
    double[][] out = new double[x.length][width];
    for (int n = 0; n < x.length; n++) {
      double mean = 0;
      double meanSquare = 0;
      for (double value : x[n]) {
        mean += value / width;
        meanSquare += value * value / width;
      }
      double variance = meanSquare - mean * mean;
      for (int d = 0; d < width; d++) {
        out[n][d] =
            config.conditioning().tellsAnything()
                ? (x[n][d] - mean) / Math.sqrt(variance + EPSILON) * (1 + modulation[1][d])
                    + modulation[0][d]
                : x[n][d] / Math.sqrt(meanSquare + EPSILON) * weights.get(layer + ".scale")[0][d];
      }
    }
    return out;
  }

  private double[][] convolve(double[][] h, String layer) {
    int taps = config.shortConvolution();
    if (taps == 0) {
      return h;
    }
    double[][] kernel = weights.get(layer + ".convolutionKernel");
    int first = config.attention() == Attention.CAUSAL ? 1 - taps : -(taps - 1) / 2;
    double[][] out = new double[h.length][config.width()];
    for (int n = 0; n < h.length; n++) {
      for (int d = 0; d < config.width(); d++) {
        out[n][d] = h[n][d];
        for (int j = 0; j < taps; j++) {
          int m = n + first + j;
          out[n][d] += m >= 0 && m < h.length ? kernel[j][d] * h[m][d] : 0;
        }
      }
    }
    return out;
  }

  private double[][] attention(double[][] h, String layer) {
    int length = h.length;
    int width = config.width();
    int size = config.headSize();
    double[][] queries = new double[length][];
    double[][] keys = new double[length][];
    double[][] values = new double[length][];
    for (int n = 0; n < length; n++) {
      double[] both = times(h[n], layer + ".queryKeyWeight");
      queries[n] = rotate(java.util.Arrays.copyOfRange(both, 0, width), n);
      keys[n] = rotate(java.util.Arrays.copyOfRange(both, width, 2 * width), n);
      values[n] = times(h[n], layer + ".valueWeight");
    }
    double[][] out = new double[length][];
    for (int n = 0; n < length; n++) {
      double[] mixed = new double[width];
      for (int head = 0; head < config.heads(); head++) {
        double[] weight = new double[length];
        double total = 0;
        int seen = config.attention() == Attention.CAUSAL ? n + 1 : length;
        for (int m = 0; m < seen; m++) {
          double score = 0;
          for (int d = head * size; d < (head + 1) * size; d++) {
            score += queries[n][d] * keys[m][d];
          }
          weight[m] = Math.exp(score / Math.sqrt(size));
          total += weight[m];
        }
        for (int m = 0; m < seen; m++) {
          for (int d = head * size; d < (head + 1) * size; d++) {
            mixed[d] += weight[m] / total * values[m][d];
          }
        }
      }
      out[n] = times(mixed, layer + ".outputWeight");
    }
    return out;
  }

  private double[] rotate(double[] x, int position) {
    int size = config.headSize();
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i += 2) {
      double angle = position * Math.pow(1e4, -(double) (i % size) / size);
      out[i] = x[i] * Math.cos(angle) - x[i + 1] * Math.sin(angle);
      out[i + 1] = x[i] * Math.sin(angle) + x[i + 1] * Math.cos(angle);
    }
    return out;
  }

  private double[][] feedForward(double[][] h, String layer) {
    double[][] out = new double[h.length][];
    for (int n = 0; n < h.length; n++) {
      double[] gate = times(h[n], layer + ".gateWeight");
      double[] up = times(h[n], layer + ".upWeight");
      for (int i = 0; i < up.length; i++) {
        up[i] *= sigmoid(gate[i]);
      }
      out[n] = times(up, layer + ".downWeight");
    }
    return out;
  }

  private double[] times(double[] row, String weight) {
    double[][] matrix = weights.get(weight);
    double[] out = new double[matrix[0].length];
    for (int i = 0; i < row.length; i++) {
      for (int j = 0; j < out.length; j++) {
        out[j] += row[i] * matrix[i][j];
      }
    }
    return out;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] out = a.clone();
    for (int i = 0; i < a.length; i++) {
      out[i] += b[i];
    }
    return out;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
