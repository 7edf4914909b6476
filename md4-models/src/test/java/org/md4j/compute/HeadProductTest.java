package org.md4j.compute;

import static org.md4j.compute.Numbers.assertClose;
import static org.md4j.compute.Numbers.values;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the products of attention's heads of every {@link Compute} to sums in double: of the
 * queries, keys and values that lie beside each other in the rows of a matrix.
 */
class HeadProductTest {
  private final Tensors tensors = new Tensors();

  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofProducts")
  void productsOfHeadsWithoutCopying(Formats formats) {
    Compute compute = formats.compute();
    int batch = 2;
    int length = 5;
    int heads = 3;
    int size = 4;
    Tensor rows = tensors.draw(formats.in(), 10, 24);
    Tensor views = rows.reshape(batch, length, 6, size).permute(0, 2, 1, 3);
    Tensor query = views.interval(1, 0, heads);
    Tensor key = views.interval(1, heads, 6);
    Tensor scores = Tensors.empty(formats.out(), batch, heads, length, length);

    compute.product(query, key.transposed(), scores, 0.5, false);

    double[] all = values(rows);
    double[] expected = new double[(int) scores.length()];
    int next = 0;
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < length; i++) {
          for (int j = 0; j < length; j++) {
            double sum = 0;
            for (int c = 0; c < size; c++) {
              sum +=
                  all[((b * length + i) * 2 * heads + h) * size + c]
                      * all[((b * length + j) * 2 * heads + heads + h) * size + c];
            }
            expected[next++] = 0.5 * sum;
          }
        }
      }
    }
    assertClose(scores, expected, (size + 2) * size * formats.rounding());

    Tensor mixed = Tensors.empty(formats.out(), 10, 12);
    Tensor mix = mixed.reshape(batch, length, heads, size).permute(0, 2, 1, 3);
    Tensor probabilities = tensors.draw(formats.in(), batch, heads, length, length);
    compute.product(probabilities.transposed(), key, mix);
    double[] weights = values(probabilities);
    double[] sums = new double[(int) mixed.length()];
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < length; i++) {
          for (int j = 0; j < length; j++) {
            for (int c = 0; c < size; c++) {
              sums[((b * length + i) * heads + h) * size + c] +=
                  weights[((b * heads + h) * length + j) * length + i]
                      * all[((b * length + j) * 2 * heads + heads + h) * size + c];
            }
          }
        }
      }
    }
    assertClose(mixed, sums, (length + 2) * length * size * formats.rounding());
  }

  /**
   * Many sizes, among them those of twice as many examples as rows, of which oneDNN 3.11 computes a
   * stack of strided heads wrong.
   */
  @ParameterizedTest
  @MethodSource("org.md4j.compute.Formats#ofProducts")
  void productsOfHeadsOfManySizes(Formats formats) {
    Compute compute = formats.compute();
    int size = 4;
    for (int heads = 1; heads <= 3; heads++) {
      for (int length = 1; length <= 9; length++) {
        for (int batch : new int[] {1, 3, 8, 2 * length}) {
          int columns = 2 * heads * size;
          Tensor rows = tensors.draw(formats.in(), (long) batch * length, columns);
          Tensor views = rows.reshape(batch, length, 2L * heads, size).permute(0, 2, 1, 3);
          Tensor scores = Tensors.empty(formats.out(), batch, heads, length, length);
          compute.product(
              views.interval(1, 0, heads),
              views.interval(1, heads, 2L * heads).transposed(),
              scores);
          double[] all = values(rows);
          double[] expected = new double[(int) scores.length()];
          for (int i = 0; i < expected.length; i++) {
            int key = i % length;
            int query = i / length % length;
            int head = i / (length * length) % heads;
            int first = i / (length * length * heads) * length;
            for (int c = 0; c < size; c++) {
              expected[i] +=
                  all[(first + query) * columns + head * size + c]
                      * all[(first + key) * columns + (heads + head) * size + c];
            }
          }
          assertClose(scores, expected, (size + 2) * size * formats.rounding());
        }
      }
    }
  }
}
